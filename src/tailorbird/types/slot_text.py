"""Slot-form text: fixed words and named slots, such as 'The {{ item.name }} is back'."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

_SLOT = re.compile(r"\{\{\s*([a-z][a-z0-9_]*\.[a-z][a-z0-9_]*)\s*\}\}")


@dataclass(frozen=True, slots=True)
class SlotText:
    """Parsed slot-form text: words and slot names in turn, words first; `words` has one more entry than `slots`."""

    words: tuple[str, ...]
    slots: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> "SlotText":
        """Parse slot-form text. Raises ValueError where braces are left that are no slot."""
        parts = _SLOT.split(text)
        words = tuple(parts[0::2])
        for part in words:
            if "{{" in part or "}}" in part or "{%" in part:
                raise ValueError(f"not a slot: {part!r}; write {{{{ source.name }}}}, such as {{{{ item.name }}}}")
        return cls(words, tuple(parts[1::2]))

    def stitch(self, values: Mapping[str, str]) -> str:
        """Fill every slot. Raises KeyError naming the slot that `values` lacks."""
        out = [self.words[0]]
        for slot, word in zip(self.slots, self.words[1:], strict=True):
            out.append(values[slot])
            out.append(word)
        return "".join(out)

    def stitch_spans(self, values: Mapping[str, str]) -> tuple[str, tuple[tuple[int, int, str], ...]]:
        """Fill every slot and say where: (text, ((start, end, slot name), ...))."""
        text, spans = self.words[0], []
        for slot, word in zip(self.slots, self.words[1:], strict=True):
            start = len(text)
            text += values[slot]
            spans.append((start, len(text), slot))
            text += word
        return text, tuple(spans)

    def __str__(self) -> str:
        return self.stitch({name: f"{{{{ {name} }}}}" for name in self.slots})
