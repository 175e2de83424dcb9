"""Findings at their characters: from offsets in slot form to offsets in the text that is read."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tailorbird.types.review import Mark
from tailorbird.types.slot_text import SlotText

_TOLD = ("check", "severity", "type", "reason", "evidence", "source")


def canonical(text: str) -> str:
    """Slot-form text with its slots as verdicts spell them: their spans are offsets into this."""
    return str(SlotText.parse(text))


def rendered_span(text: SlotText, values: Mapping[str, str], span: tuple[int, int]) -> tuple[int, int]:
    """A span of the slot-form text in the text with its slots filled. What touches a slot takes the whole value in.

    (0, 0), the whole, stays; a span outside of the text is cut to it. KeyError: a slot has no value.
    """
    start, end = span
    if end <= start:
        return (0, 0)
    form_at = read_at = 0
    found: list[int] = []
    pieces = [(text.words[0], None), *((w, s) for s, w in zip(text.slots, text.words[1:], strict=True))]
    for word, slot in pieces:
        if slot is not None:
            token, value = len(f"{{{{ {slot} }}}}"), len(values[slot])
            if start < form_at + token and end > form_at:
                found += [read_at, read_at + value]
            form_at, read_at = form_at + token, read_at + value
        first, last = max(start, form_at), min(end, form_at + len(word))
        if first < last:
            found += [read_at + first - form_at, read_at + last - form_at]
        form_at, read_at = form_at + len(word), read_at + len(word)
    return (min(found), max(found)) if found else (0, 0)


def marks_in(text: str, values: Mapping[str, str], findings: Iterable[Mapping[str, Any]]) -> tuple[Mark, ...]:
    """The kept findings of a slot-form text, at their characters in the text that is read, in order."""
    parsed = SlotText.parse(text)
    marks = []
    for finding in findings:
        span = _span(finding.get("span"))
        start, end = rendered_span(parsed, values, span)
        told = {name: str(finding.get(name) or "") for name in _TOLD}
        repair = finding.get("repair")
        marks.append(Mark(start, end, repair=None if repair is None else str(repair), **told))
    return tuple(sorted(marks, key=lambda mark: (mark.start, mark.end)))


def _span(kept: Any) -> tuple[int, int]:
    return (int(kept[0]), int(kept[1])) if isinstance(kept, Sequence) and len(kept) == 2 else (0, 0)


def underline(text: str, marks: Sequence[Mark]) -> str:
    """A line of carets below a text's marked characters; '' where nothing is marked at its characters."""
    row = [" "] * len(text)
    for mark in marks:
        for position in range(mark.start, min(mark.end, len(text))):
            row[position] = "^"
    return "".join(row).rstrip()
