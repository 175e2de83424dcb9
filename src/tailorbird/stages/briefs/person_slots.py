"""What a profile may say in a message: the name, if it is one."""

import re
import unicodedata

_NAME = re.compile(r"[^\W\d_][\w .’'\-·]*", re.UNICODE)
FIRST_NAME_MAX = 30
_MISSING = ("none", "null", "nil", "undefined", "unknown", "unbekannt", "test", "tester", "admin", "user", "customer")
_FORM_WORDS = ("guest", "name", "firstname", "vorname", "kunde", "kundin", "gast")
_TITLES = ("mr", "mrs", "ms", "miss", "dr", "prof", "sir", "madam", "herr", "frau")
_NO_NAMES = frozenset((*_MISSING, *_FORM_WORDS, *_TITLES))
"""What forms and exports put where no name was given, and titles without one."""


def clean_first_name(value: object) -> str | None:
    """The first name as it can be printed, or None where it is no name.

    Names come from sign-up forms: they hold line breaks, markup, whole sentences, e-mail addresses. Only letters
    (any script), spaces, hyphens, apostrophes and full stops are let through, at most 30 characters, and no word that
    stands for a missing name ('null', 'Mrs').
    """
    if not isinstance(value, str):
        return None
    name = unicodedata.normalize("NFC", value).strip(" ")
    if not 0 < len(name) <= FIRST_NAME_MAX or any(character.isdigit() for character in name):
        return None
    if name.casefold().rstrip(".") in _NO_NAMES:
        return None
    return name if _NAME.fullmatch(name) and "_" not in name else None
