"""Check digits: whether a number can be a card's, an account's, a product's or a person's, or is any number."""

import re
from collections.abc import Sequence

_IBANS = (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 "
    "EE20 EG29 ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 "
    "IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 "
    "NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 "
    "TR26 UA29 VA22 VG24 XK20 "
)
IBAN_CHARS = {country: int(size) for country, size in re.findall(r"([A-Z]{2})(\d\d)", _IBANS)}
"""Characters of an IBAN by country (ISO 13616)."""


def luhn_holds(digits: str) -> bool:
    """Whether the last digit is the Luhn check digit of the others (ISO/IEC 7812-1)."""
    total = sum(map(int, digits[-1::-2])) + sum(sum(divmod(2 * int(d), 10)) for d in digits[-2::-2])
    return total % 10 == 0


def gtin_holds(digits: str) -> bool:
    """Whether these 8, 12, 13 or 14 digits end in the check digit of a product number (GS1)."""
    if len(digits) not in (8, 12, 13, 14):
        return False
    return sum(int(d) * (1 + 2 * (n % 2)) for n, d in enumerate(reversed(digits))) % 10 == 0


def iban_length(text: str) -> int:
    """How many of the first characters (no spaces, upper case) are an IBAN with a right checksum (ISO 7064, mod 97).

    0: none.
    """
    size = IBAN_CHARS.get(text[:2], 0)
    if not size or len(text) < size or not text[:size].isascii() or not text[:size].isalnum():
        return 0
    moved = text[4:size] + text[:4]
    return size if int("".join(str(int(c, 36)) for c in moved)) % 97 == 1 else 0


def card_holds(digits: str) -> bool:
    """Whether 12 to 19 digits are a payment card's: a range that some scheme issues in, its length, and Luhn."""
    return _issued(digits) and luhn_holds(digits)


def _issued(digits: str) -> bool:
    two, four, size = int(digits[:2]), int(digits[:4]), len(digits)
    if digits[0] == "4":
        return size in (13, 16, 19)
    if 51 <= two <= 55 or 2221 <= four <= 2720:
        return size == 16
    if two in (34, 37):
        return size == 15
    if two in (36, 38, 39) or 300 <= int(digits[:3]) <= 305:
        return 14 <= size <= 19
    if four in (2131, 1800):
        return size == 15
    if 3528 <= four <= 3589 or four == 6011 or two == 65 or 644 <= int(digits[:3]) <= 649 or two == 62:
        return 16 <= size <= 19
    return two in (50, 56, 57, 58) or digits[0] == "6"


def german_tax_id_holds(digits: str) -> bool:
    """Steuerliche Identifikationsnummer: 11 digits, one of them twice or three times, ISO 7064 MOD 11,10."""
    counts = sorted(digits[:10].count(d) for d in set(digits[:10]))
    if len(digits) != 11 or digits[0] == "0" or counts[-1] not in (2, 3) or counts.count(1) < len(counts) - 1:
        return False
    product = 10
    for digit in digits[:10]:
        total = (int(digit) + product) % 10 or 10
        product = 2 * total % 11
    return (11 - product) % 10 == int(digits[10])


def weighted(digits: str, weights: Sequence[int], modulus: int) -> bool:
    """Whether the digits, each times its weight, add up to a multiple of the modulus."""
    return sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % modulus == 0


def mod97_of(digits: str) -> int:
    """97 less the remainder: the check number of French and Belgian identity numbers."""
    return 97 - int(digits) % 97


def cpf_holds(digits: str) -> bool:
    """Cadastro de Pessoas Físicas: 11 digits, not all the same, the last two by weights 10 to 2 and 11 to 2."""
    for size in (9, 10):
        total = sum(int(d) * (size + 1 - n) for n, d in enumerate(digits[:size]))
        if total * 10 % 11 % 10 != int(digits[size]):
            return False
    return len(set(digits)) > 1


def dni_holds(digits: str, letter: str) -> bool:
    """Documento nacional de identidad: the letter is the number's remainder by 23."""
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(digits) % 23] == letter


def hetu_holds(digits: str, letter: str) -> bool:
    """Henkilötunnus: the last character is the remainder by 31 of the other digits."""
    return "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(digits) % 31] == letter


_ODD_VALUES = (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23)


def codice_fiscale_holds(text: str) -> bool:
    """Codice fiscale: 16 characters, the last one by tables of odd and even places."""
    values = [int(c) if c.isdigit() else ord(c) - 65 for c in text[:15]]
    total = sum(_ODD_VALUES[value] if n % 2 == 0 else value for n, value in enumerate(values))
    return chr(65 + total % 26) == text[15]
