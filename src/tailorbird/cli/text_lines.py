"""Texts to judge out of a file or standard input: one, or one in each line of JSON."""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from tailorbird.types.errors import TailorbirdError

CHARS_MAX = 16_000_000
LINES_MAX = 100_000
LINE_CHARS_MAX = 1_000_000
_KEYS = ("id", "text", "facts", "items", "locale", "channel", "country", "block", "attended", "packs", "flags")
_JSON_LINES = (".jsonl", ".ndjson")


@dataclass(frozen=True, slots=True)
class GivenLine:
    """One text, with what its line says beside it: `id`, `facts`, `items`, `locale`, `channel`, `country`, `block`,
    `packs` and `flags`."""

    text: str
    beside: dict[str, Any] = field(default_factory=dict)


def is_json_lines(path: str) -> bool:
    """Whether a file has a text in each line, by its name."""
    return path.lower().endswith(_JSON_LINES)


def read_whole(path: str) -> str:
    """The text of a file, '-' for standard input. TailorbirdError: it cannot be read, is no UTF-8, or is too large."""
    try:
        with _opened(path) as file:
            text = file.read(CHARS_MAX + 1)
    except UnicodeDecodeError as error:
        raise TailorbirdError(f"{_named(path)} is not UTF-8 (byte {error.start}): save it as UTF-8") from None
    if len(text) > CHARS_MAX:
        raise TailorbirdError(f"{_named(path)} has more than {CHARS_MAX:,} characters: give one text")
    return text.removesuffix("\n")


def read_lines(path: str) -> Iterator[tuple[int, GivenLine | str]]:
    """(line number, the text in it, or why it has none) of each line of JSON; empty lines do not count."""
    with _opened(path) as file:
        try:
            for number, line in enumerate(iter(lambda: file.readline(LINE_CHARS_MAX + 1), ""), 1):
                if number > LINES_MAX:
                    raise TailorbirdError(f"{_named(path)} has more than {LINES_MAX:,} lines: split it")
                if len(line) > LINE_CHARS_MAX:
                    raise TailorbirdError(f"{_named(path)}: line {number} has more than {LINE_CHARS_MAX:,} characters")
                if line.strip():
                    yield number, _read_line(line)
        except UnicodeDecodeError as error:
            raise TailorbirdError(f"{_named(path)} is not UTF-8 ({error.reason}): save it as UTF-8") from None


def _read_line(line: str) -> GivenLine | str:
    try:
        given = json.loads(line.rstrip())
    except RecursionError:
        return "is nested too deeply"
    except ValueError as error:
        where = f": column {error.colno}: {error.msg}" if isinstance(error, json.JSONDecodeError) else f": {error}"
        return f"is not valid JSON{where}"
    if isinstance(given, str):
        return GivenLine(given)
    if not isinstance(given, dict):
        return 'must be a text in quotes, or an object with "text"'
    if unknown := [key for key in given if key not in _KEYS]:
        return f"has an unknown key {unknown[0][:80]!r}; known: {', '.join(_KEYS)}"
    if not isinstance(given.get("text"), str):
        return 'must have a "text"'
    for key in ("locale", "channel", "country", "block"):
        if not isinstance(given.get(key, ""), str):
            return f"has a {key} that is no text"
    items = given.get("items", [])
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        return 'has "items" that are no list of ids'
    return GivenLine(given["text"], {key: value for key, value in given.items() if key != "text"})


def _opened(path: str) -> TextIO:
    if path == "-":
        return open(sys.stdin.fileno(), encoding="utf-8-sig", closefd=False)
    file = Path(path)
    if not file.is_file():
        raise TailorbirdError(f"there is no file {path!r}")
    return file.open(encoding="utf-8-sig")


def _named(path: str) -> str:
    return "standard input" if path == "-" else path
