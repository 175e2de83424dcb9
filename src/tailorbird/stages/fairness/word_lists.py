"""Our own lists of words/: what the audit listens for in copy, and the names, descriptors and areas of its personas."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

LANGUAGES = ("en", "de")


@cache
def word_lists(name: str, language: str) -> Mapping[str, tuple[str, ...]]:
    """The lines of words/<name>.<language>.txt: {what stands before the colon: the texts after it}, in their order.

    English where there is no list of the language.
    """
    spoken = language if language in LANGUAGES else "en"
    text = files(__package__).joinpath(f"words/{name}.{spoken}.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    pairs = (line.split(":", 1) for line in lines)
    return {key.strip(): tuple(word.strip() for word in words.split(",")) for key, words in pairs}
