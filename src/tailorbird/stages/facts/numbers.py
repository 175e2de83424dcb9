"""Numbers as they are written: with thousands marks and decimals of a language, in words, as fractions."""

import re
import unicodedata
from decimal import Decimal, InvalidOperation
from functools import lru_cache

_SPACES = "\u00a0\u202f"
_GROUPED = {
    "point": re.compile(rf"\d{{1,3}}(?:[,'’{_SPACES}]\d{{3}})+(?:\.\d+)?"),
    "comma": re.compile(rf"\d{{1,3}}(?:[.'’{_SPACES}]\d{{3}})+(?:,\d+)?"),
}
_ENGLISH = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_ENGLISH_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_GERMAN = [
    "null",
    "ein",
    "zwei",
    "drei",
    "vier",
    "fünf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "elf",
    "zwölf",
    "dreizehn",
    "vierzehn",
    "fünfzehn",
    "sechzehn",
    "siebzehn",
    "achtzehn",
    "neunzehn",
]
_GERMAN_TENS = ["zwanzig", "dreissig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"]
_MULTIPLES = {
    "en": {"hundred": 100, "thousand": 1000, "million": 1_000_000, "dozen": 12},
    "de": {"hundert": 100, "tausend": 1000, "million": 1_000_000, "millionen": 1_000_000, "dutzend": 12},
}
FRACTIONS = {"½": "0.5", "¼": "0.25", "¾": "0.75", "⅓": "0.3333", "⅔": "0.6667", "⅛": "0.125"}


def decimals_mark(language: str) -> str:
    """'comma' where a comma stands before decimals, else 'point'."""
    return "point" if language in ("en", "zh", "ja", "ko", "he", "th") else "comma"


@lru_cache(maxsize=65536)
def readings(written: str, language: str) -> tuple[Decimal, ...]:
    """What a number in digits of any script may mean, likeliest first: '1.234' is 1234 or 1.234 in German, only 1.234
    in English. Empty where it is no number."""
    digits = "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in written)
    usual = decimals_mark(language)
    point, group = (".", ",") if usual == "point" else (",", ".")
    digits = digits.replace("\u066b", point).replace("\u066c", group)  # the marks of Arabic digits
    other = "comma" if usual == "point" else "point"
    found = [value for value in (_read(digits, usual), _foreign(digits, other, usual)) if value is not None]
    return tuple(dict.fromkeys(found))


def _read(digits: str, mark: str) -> Decimal | None:
    point, group = (".", ",") if mark == "point" else (",", ".")
    if _GROUPED[mark].fullmatch(digits):
        for sign in (group, "'", "’", *_SPACES):
            digits = digits.replace(sign, "")
    elif not re.fullmatch(rf"\d+(?:{re.escape(point)}\d+)?", digits):
        return None
    try:
        return Decimal(digits.replace(point, "."))
    except InvalidOperation:
        return None


def _foreign(digits: str, mark: str, usual: str) -> Decimal | None:
    """The number as the other convention writes it, where it cannot be one of the usual convention."""
    value = _read(digits, mark)
    if value is None or not re.search(r"[.,]", digits):
        return None
    # '1,234' in English is a thousand and more and nothing else; in German '1.234' stands in many a data sheet.
    return None if usual == "point" and _read(digits, usual) is not None else value


def number_word(words: list[str], language: str) -> tuple[Decimal, int] | None:
    """(value, how many of `words` make it) of a number in words at the beginning of `words` (folded), None for none.

    'one', 'a' and 'ein' alone are no number: they are mostly articles.
    """
    if not words:
        return None
    if language == "de":
        value = _german(words[0])
        return None if value is None else (Decimal(value), 1)
    return _english(words) if language == "en" else None


_EN_UNITS = {word: n for n, word in enumerate(_ENGLISH)}
_EN_TENS = {word: (n + 2) * 10 for n, word in enumerate(_ENGLISH_TENS)}


def _english(words: list[str]) -> tuple[Decimal, int] | None:
    total, current, used = 0, 0, 0
    for word in words[:8]:
        if word in _EN_UNITS:
            if used and words[used - 1] in _EN_UNITS:
                break
            current += _EN_UNITS[word]
        elif word in _EN_TENS:
            if used and words[used - 1] not in ("hundred", "and", "thousand"):
                break
            current += _EN_TENS[word]
        elif word in _MULTIPLES["en"]:
            factor = _MULTIPLES["en"][word]
            if not used and word != "dozen":
                return None
            current = (current or 1) * factor
            if factor >= 1000:
                total, current = total + current, 0
        elif not (word == "and" and used and words[used - 1] in ("hundred", "thousand")):
            break
        used += 1
    while used and words[used - 1] == "and":
        used -= 1
    if not used or words[:used] in (["one"], ["zero"]):
        return None
    return Decimal(total + current), used


@lru_cache(maxsize=4096)
def _german(word: str) -> int | None:
    """'einundzwanzig', 'zweihundertfünfzig', 'dutzend'; no articles ('ein', 'eine')."""
    if word in ("ein", "eine", "null", ""):
        return None
    if word in _MULTIPLES["de"]:
        return _MULTIPLES["de"][word]
    return _german_part(word)


def _german_part(word: str) -> int | None:
    for name, factor in (("tausend", 1000), ("hundert", 100)):
        if name in word:
            left, right = word.split(name, 1)
            head = 1 if not left else _german_part(left)
            tail = 0 if not right else _german_part(right.removeprefix("und"))
            return None if head is None or tail is None else head * factor + tail
    units = {name: n for n, name in enumerate(_GERMAN)} | {"eins": 1}
    tens = {name: (n + 2) * 10 for n, name in enumerate(_GERMAN_TENS)}
    if word in units:
        return units[word]
    if word in tens:
        return tens[word]
    for name, value in tens.items():
        left = word.removesuffix(name).removesuffix("und")
        if word.endswith("und" + name) and left in units:
            return units[left] + value
    return None
