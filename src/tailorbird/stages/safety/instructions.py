"""Text that speaks to a model instead of a reader, in English and German.

Patterns over text folded as a reader sees it, in lower case. They know the turns of phrase that take over a model; what
is said in quite other words passes here and is stopped by what a line may say at all.
"""

import re
from collections.abc import Collection, Iterator
from importlib.resources import files
from itertools import islice

_FOLDED = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss"})


def _read() -> Iterator[tuple[tuple[frozenset[str], ...], re.Pattern[str]]]:
    """(cues on each side, pattern) of every turn of phrase in words/instructions.txt."""
    text = files(__package__).joinpath("words/instructions.txt").read_text(encoding="utf-8")
    names: dict[str, str] = {}
    cues = ""
    for line in text.translate(_FOLDED).splitlines():
        if line.startswith("="):
            name, _, pattern = line[1:].partition(" ")
            names[name] = pattern
        elif line.startswith("    "):
            pattern = _NAMED.sub(lambda m: names[m[1]], line.strip())
            yield tuple(frozenset(side.split("|")) for side in cues.split(" & ")), re.compile(pattern)
        elif not line.startswith("#"):
            cues = line


_NAMED = re.compile(r"\{([A-Z]+)\}")
_KNOWN = tuple(_read())
_CUES = tuple(sorted({cue for cues, _ in _KNOWN for side in cues for cue in side}))
_ENOUGH = 100
"""A text in which a pattern matches more often has said enough."""


# Of each pattern the rarest words, and the stems that German ones begin with: plain copy mostly has none of them.
_TRIGGERS = frozenset(files(__package__).joinpath("words/triggers.txt").read_text(encoding="utf-8").split())
_STEMS = (
    "ignorier", "vergiss", "vergesst", "vergessen sie", "missacht", "verwirf", "verwerf", "umgeh", "uberge",
    "du bist", "sie sind", "verhalte", "antworte", "handle ", "tu so", "anweisung", "geheim", "passw", "schlussel",
    "zugangsd", "fuge", "setz", "schreib", "nimm ", "erwahn", "nenn", "hinweis", "nachricht", "achtung", "sage ",
    "sag ", "erzahl", "uberred", "uberzeug", "andere den", "andere die", "andere das", "andere ihr", "andere alle",
    "andern ", "senk", "ab jetzt", "ab sofort", "gib ", "systemprompt", "systemnach",
)  # fmt: skip


def may_instruct(lowered: str, words: Collection[str]) -> bool:
    """Whether a text in lower case, without umlauts, may hold an instruction: `words` are its words."""
    if not _TRIGGERS.isdisjoint(words):
        return next(_possible(lowered), None) is not None
    for stem in _STEMS:  # a loop is quicker than any() here
        if stem in lowered:
            return next(_possible(lowered), None) is not None
    return False


def _possible(lowered: str) -> Iterator[re.Pattern[str]]:
    """The patterns of which a text has a cue on each side."""
    there = {cue for cue in _CUES if cue in lowered}
    for cues, pattern in _KNOWN:
        if not any(side.isdisjoint(there) for side in cues):
            yield pattern


def find_instructions(plain: str) -> Iterator[tuple[int, int]]:
    """The spans that speak to a model, in folded text; in time linear in its length."""
    lowered = plain.lower()
    if len(lowered) != len(plain):  # 'İ' grows: offsets would be others
        lowered = plain
    for pattern in _possible(lowered):
        for match in islice(pattern.finditer(lowered), _ENOUGH):
            yield match.span()


def speaks_to_a_model(plain: str) -> bool:
    """Whether folded text holds an instruction to a model."""
    return next(find_instructions(plain), None) is not None
