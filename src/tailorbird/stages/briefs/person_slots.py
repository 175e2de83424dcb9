"""What a profile may say in a message: the name, if it is one."""

import re
import unicodedata

_NAME = re.compile(r"[^\W\d_][\w .’'\-·]*", re.UNICODE)
FIRST_NAME_MAX = 30


def clean_first_name(value: object) -> str | None:
    """The first name as it can be printed, or None where it is no name.

    Names come from sign-up forms: they hold line breaks, markup, whole sentences, e-mail addresses. Only letters
    (any script), spaces, hyphens, apostrophes and full stops are let through, at most 30 characters.
    """
    if not isinstance(value, str):
        return None
    name = unicodedata.normalize("NFC", value).strip(" ")
    if not 0 < len(name) <= FIRST_NAME_MAX or any(character.isdigit() for character in name):
        return None
    return name if _NAME.fullmatch(name) and "_" not in name else None
