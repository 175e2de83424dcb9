"""The brand folder: voice, approved lines, disallowed phrases, vocabulary, legal lines."""

import re
from collections.abc import Mapping
from pathlib import Path

from tailorbird.project.errors import ProjectError
from tailorbird.project.source import line_of, parse, read_text, read_yaml
from tailorbird.types.brand import ApprovedLine, Brand
from tailorbird.types.settings import Settings
from tailorbird.types.slot_text import SlotText

_SECTION = re.compile(r"^## +(\S+) *\n", re.M)


def read_voice(path: Path) -> dict[str, str]:
    """voice.md: one section `## <locale>` per locale."""
    pieces = _SECTION.split(read_text(path))
    sections = {name: text.strip() for name, text in zip(pieces[1::2], pieces[2::2], strict=True)}
    if not sections:
        raise ProjectError(path, None, "", "write one section per locale, headed '## en-GB'")
    return sections


def read_approved(path: Path) -> tuple[ApprovedLine, ...]:
    """approved.yaml: unique ids, parsable slot text."""
    lines: tuple[ApprovedLine, ...] = parse(path, tuple[ApprovedLine, ...])
    seen: set[str] = set()
    for index, line in enumerate(lines):
        if line.id in seen:
            raise _wrong(path, index, "id", f"{line.id!r} is used twice")
        seen.add(line.id)
        try:
            SlotText.parse(line.text)
        except ValueError as error:
            raise _wrong(path, index, "text", str(error)) from None
    return lines


def _wrong(path: Path, index: int, field: str, message: str) -> ProjectError:
    # The file is read again for its lines only now: with hundreds of entries that takes a third of a second.
    return ProjectError(path, line_of(read_yaml(path), [index, field]), f"{index}.{field}", message)


def _optional(path: Path, expected: object) -> Mapping[str, tuple[str, ...]]:
    return parse(path, expected) if path.exists() else {}


def read_brand(folder: Path, settings: Settings) -> Brand:
    """The whole brand folder. disallowed.yaml, vocabulary.yaml and legal.yaml may be absent."""
    phrases = _optional(folder / "disallowed.yaml", dict[str, tuple[str, ...]])
    words = _optional(folder / "vocabulary.yaml", dict[str, tuple[str, ...]])
    legal: dict[str, dict[str, str]] = {}
    if (folder / "legal.yaml").exists():
        legal = parse(folder / "legal.yaml", dict[str, dict[str, str]])
    return Brand(
        name=settings.brand or settings.name,
        sector=settings.sector,
        voice=read_voice(folder / "voice.md"),
        approved=read_approved(folder / "approved.yaml"),
        disallowed=phrases,
        vocabulary={locale: frozenset(listed) for locale, listed in words.items()},
        legal=legal,
    )
