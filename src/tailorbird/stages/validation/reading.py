"""A draft laid out for checking: its slots masked, its own words found, every offset that of the slot-form text."""

import re
from dataclasses import dataclass

from tailorbird.types.slot_text import SlotText

MASK = "\ufffc"
_WORD = re.compile(r"[^\W\d_]+(?:[’'\-][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Word:
    """One word that the writer wrote (not a slot's), with its offsets in the slot-form text."""

    start: int
    end: int
    text: str

    @property
    def plain(self) -> str:
        """Lower case, straight apostrophes: the form that word lists hold."""
        return self.text.lower().replace("’", "'")


@dataclass(frozen=True, slots=True)
class SlotPlace:
    """One slot with the offsets of its `{{ token }}` in the slot-form text."""

    start: int
    end: int
    name: str


@dataclass(frozen=True, slots=True)
class Reading:
    """`masked` is `text` with every slot token overwritten by MASK, so that offsets in both are equal."""

    text: str
    masked: str
    slots: tuple[SlotPlace, ...]
    words: tuple[Word, ...]

    def opens_sentence(self, at: int) -> bool:
        """Whether the character at `at` begins the text or a sentence (after '.', '?', '!' or ':')."""
        before = self.masked[:at].rstrip(" \"'“‘(–—")
        return not before or before[-1] in ".?!:"

    def previous_word(self, at: int) -> str:
        """The word that ends directly before `at` (spaces aside), in plain form; '' if there is none."""
        kept = self.masked[:at].rstrip(" ")
        return next((w.plain for w in self.words if w.end == len(kept)), "")

    def next_word(self, at: int) -> str:
        """The word that begins directly after `at` (spaces aside), in plain form; '' if there is none."""
        start = len(self.masked) - len(self.masked[at:].lstrip(" "))
        return next((w.plain for w in self.words if w.start == start), "")


def read_draft(text: SlotText) -> Reading:
    """Lay a draft out for the checks."""
    form, spans = text.stitch_spans({name: f"{{{{ {name} }}}}" for name in text.slots})
    masked = list(form)
    for start, end, _ in spans:
        masked[start:end] = MASK * (end - start)
    joined = "".join(masked)
    words = tuple(Word(m.start(), m.end(), m.group()) for m in _WORD.finditer(joined))
    return Reading(form, joined, tuple(SlotPlace(*span) for span in spans), words)
