"""What runs of digits are: a card, an account, an identity number, a telephone number, or nothing of a person's."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise

from tailorbird.stages.privacy.checksums import (
    card_holds,
    cpf_holds,
    german_tax_id_holds,
    gtin_holds,
    luhn_holds,
    mod97_of,
    weighted,
)

_GROUP = re.compile(r"\d+")
_GROUPS_MAX = 9
_CUE_CHARS = 40
_PHONE_CUE = re.compile(
    r"\b(?:tel|phone|call|ring|mobil|cell|fax|whatsapp|sms|text|dial|contact|hotline|handy|ruf|anruf|appele|llam"
    r"|reach|messag|line\b)|telefon|telephone|numero|number|nummer"
)
_CARD_CUE = re.compile(r"card|\bcc\b|visa|master|amex|karte|carte|tarjeta|carta|credit|debit")
_ID_CUE = re.compile(r"\b(?:bsn|sofi|sin|id)\b|\b(?:social|insurance|cpr|personnummer|identi|tax|steuer|citizen)")
_UNIT = re.compile(
    r" ?(?:[%€£$\"×″]|(?:mm|cm|m|km|kg|g|mg|lb|oz|ml|cl|l|[kmgt]b|w|v|mah|[kmgt]?hz|[kmgt]?bits?|inch|in|dpi|px|pcs"
    r"|pieces|st[uc]+k|x)\b)",
    re.I,
)
_EXTENSION = re.compile(r" ?,? ?(?:x|ext\.?|extension|durchwahl|dw|poste) ?\d{1,6}\b", re.I)
_GLUED_AFTER, _GLUED_BEFORE = re.compile(r"[./-]\d"), re.compile(r"(?:\d[./-]|[^\W\d_])\Z")
_DIALLED = 7, 15
_NATIONAL_MAX = 12
_NANP = (3, 3, 4)


@dataclass(frozen=True, slots=True)
class _Window:
    """Some neighbouring groups of digits of a run in `text`, from `start` to `end`, and the words before the run."""

    digits: str
    sizes: tuple[int, ...]
    text: str
    start: int
    end: int
    cue: str
    between: tuple[str, ...]

    @property
    def before(self) -> str:
        """The two characters before it."""
        return self.text[max(0, self.start - 2) : self.start]

    @property
    def bare(self) -> bool:
        """One group alone."""
        return len(self.sizes) == 1

    @property
    def tidy(self) -> bool:
        """Groups that one kind of mark separates, once each."""
        return len(set(self.between)) <= 1 and all(len(mark) == 1 for mark in self.between)

    @property
    def unit(self) -> bool:
        """Whether it measures something."""
        return bool(_UNIT.match(self.text, self.end))

    @property
    def glued(self) -> bool:
        """Whether more digits or a letter go on from it, so that it is a part of something else."""
        return bool(_GLUED_AFTER.match(self.text, self.end) or _GLUED_BEFORE.search(self.before))

    @property
    def falls(self) -> bool:
        """Whether some group is less than the one before: sizes and counts mostly rise."""
        ends = list(accumulate(self.sizes))
        groups = [int(self.digits[end - size : end]) for size, end in zip(self.sizes, ends, strict=True)]
        return groups != sorted(groups)


def find_numbers(text: str, start: int, end: int, regions: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """(start, end, kind) of what is personal in the run of digits and marks at `start`, from left to right.

    The kinds are 'card', 'national_id' and 'phone'. `regions` are the countries (ISO 3166) whose numbers are known
    without a country code.
    """
    groups = [match.span() for match in _GROUP.finditer(text, start, end)]
    cue = text[max(0, start - _CUE_CHARS) : start].lower()
    at = 0
    while at < len(groups):
        found = _longest(text, groups[at : at + _GROUPS_MAX], cue, regions)
        if found is None:
            at += 1
            continue
        size, kind = found
        first, last = groups[at][0], groups[at + size - 1][1]
        extension = _EXTENSION.match(text, last) if kind == "phone" else None
        last = extension.end() if extension else last
        while first > start and text[first - 1] in "+(":
            first -= 1
        yield first, last, kind
        at += size


def _longest(text: str, groups: Sequence[tuple[int, int]], cue: str, regions: Sequence[str]) -> tuple[int, str] | None:
    """(how many groups, kind) of the most that is one number from the first group on."""
    if len(groups) > 1 and all(end - begin == 1 for begin, end in groups):
        return None  # 'ratings 4 5 3 5 1 2 4', or a version
    sizes = tuple(end - begin for begin, end in groups)
    totals = list(accumulate(sizes))
    digits = "".join(text[begin:end] for begin, end in groups)
    between = tuple(text[a[1] : b[0]] for a, b in pairwise(groups))
    for size in range(len(groups), 0, -1):
        total, (start, end) = totals[size - 1], (groups[0][0], groups[size - 1][1])
        if 7 <= total <= 19:
            window = _Window(digits[:total], sizes[:size], text, start, end, cue, between[: size - 1])
            kind = _kind(window, regions)
            if kind:
                return size, kind
    return None


def _kind(window: _Window, regions: Sequence[str]) -> str:
    if window.tidy and _is_card(window):
        return "card"
    if _is_national_id(window):
        return "national_id"
    return "phone" if _is_phone(window, regions) else ""


def _is_card(window: _Window) -> bool:
    digits, cue = window.digits, bool(_CARD_CUE.search(window.cue))
    if not 12 <= len(digits) <= 19 or (window.between and window.between[0] not in " -"):
        return False
    if window.bare and not cue and gtin_holds(digits):
        return False  # a product's number: one in ten of them passes for a card's
    if card_holds(digits) or (cue and len(digits) >= 13 and luhn_holds(digits)):
        return window.bare or min(window.sizes[:-1]) >= 4
    return cue and window.sizes == (4, 4, 4, 4)  # a card's number that was mistyped was still typed by somebody


def _is_national_id(window: _Window) -> bool:
    digits, marks, sizes = window.digits, "".join(window.between), window.sizes
    cue = bool(_ID_CUE.search(window.cue))
    if sizes == (3, 2, 4) and marks in ("--", "  "):  # US: SSN and ITIN
        return digits[:3] not in ("000", "666") and digits[3:5] != "00" and digits[5:] != "0000"
    if sizes == (3, 3, 3, 2) and marks == "..-":
        return cpf_holds(digits)  # BR
    if sizes == (3, 4, 4, 2) and digits.startswith("756"):
        return gtin_holds(digits)  # CH: AHV
    if sizes == (2, 2, 2, 3, 2):  # BE: of people born before 2000, and since
        rest = digits[:9]
        return int(digits[9:]) in (mod97_of(rest), mod97_of("2" + rest))
    if sizes in ((6, 4), (8, 4)) and marks in ("-", "+") and _is_day(digits[-10:-4]):
        return luhn_holds(digits[-10:]) or cue  # SE; DK has the same form and no check digit any more
    if len(digits) == 11 and (window.bare or sizes == (2, 3, 3, 3)):
        pesel = _is_day(digits[:2] + f"{int(digits[2:4]) % 20:02}" + digits[4:6])
        return german_tax_id_holds(digits) or (
            pesel and weighted(digits, (1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1), 10)  # PL
        )
    if len(digits) == 15 and digits[0] in "12" and 1 <= int(digits[3:5]) <= 12:
        return int(digits[13:]) == mod97_of(digits[:13])  # FR
    if len(digits) == 9 and cue:
        return weighted(digits, (9, 8, 7, 6, 5, 4, 3, 2, -1), 11) or luhn_holds(digits)  # NL, CA
    return False


def _is_day(six: str) -> bool:
    """Whether six digits are a year, month and day, or a day, month and year (of two digits)."""
    return 1 <= int(six[2:4]) <= 12 and (1 <= int(six[4:]) <= 31 or 1 <= int(six[:2]) <= 31)


def _is_phone(window: _Window, regions: Sequence[str]) -> bool:
    digits, sizes = window.digits, window.sizes
    if not _DIALLED[0] <= len(digits) <= _DIALLED[1] or _is_date(window):
        return False
    if window.before.endswith(("+", "+(")) or (digits.startswith("00") and digits[2] != "0"):
        return _is_possible(digits if "+" in window.before else digits[2:])
    if window.unit or window.before.rstrip()[-1:] in ("€", "£", "$", "#"):
        return False
    bracket = window.before.endswith("(") and bool(window.between) and window.between[0].startswith(")")
    cue = bool(_PHONE_CUE.search(window.cue))
    if window.bare:
        if gtin_holds(digits) and len(digits) > 8 and not cue:
            return False
        known = (cue or digits[0] == "0") and any(_is_valid(digits, region) for region in regions)
        return known or (cue and len(digits) in range(9, 13))
    if bracket or cue or (digits[0] == "0" and len(digits) >= 9):
        return len(digits) <= _NATIONAL_MAX and max(sizes) <= 9 and not _is_product_number(window)
    if not window.tidy or window.glued or not 2 <= min(sizes) <= max(sizes) <= 5:
        return False
    mark = window.between[0]
    if any(_is_written(digits, region) for region in regions) or (sizes == _NANP and mark in "-."):
        return mark != "/"
    if _is_product_number(window):
        return False
    return mark == "-" and len(sizes) >= 3 and (len(set(sizes)) > 1 or window.falls)


def _is_date(window: _Window) -> bool:
    sizes, digits = window.sizes, window.digits
    if len(sizes) == 3 and max(sizes[1], min(sizes[0], sizes[2])) <= 2 and 4 in sizes:
        return 1900 <= int(digits[:4] if sizes[0] == 4 else digits[-4:]) <= 2100
    return sizes == (4, 4) and all(1900 <= int(year) <= 2100 for year in (digits[:4], digits[4:]))


def _is_product_number(window: _Window) -> bool:
    """An ISBN, or a number with its thousands apart."""
    thousands = window.sizes[0] <= 3 and set(window.sizes[1:]) == {3} and window.digits[0] != "0"
    apart = window.between[0] in ". " and thousands and not _PHONE_CUE.search(window.cue)
    return apart or (window.digits[:3] in ("978", "979") and len(window.digits) == 13)


def _is_possible(digits: str) -> bool:
    import phonenumbers

    try:
        return bool(phonenumbers.is_possible_number(phonenumbers.parse("+" + digits)))
    except phonenumbers.NumberParseException:
        return False


def _is_valid(digits: str, region: str) -> bool:
    import phonenumbers

    try:
        return bool(phonenumbers.is_valid_number(phonenumbers.parse(digits, region)))
    except phonenumbers.NumberParseException:
        return False


def _is_written(digits: str, region: str) -> bool:
    """Whether these are a number of the country as people there write it: with the 0 in front where one belongs."""
    import phonenumbers

    if not _is_valid(digits, region):
        return False
    number = phonenumbers.parse(digits, region)
    shown = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return "".join(_GROUP.findall(shown)) == digits
