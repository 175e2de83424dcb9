"""Payloads of others: text files (one a line), JSON lists, tables with a header; any of them gzipped."""

import csv
import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tailorbird.types.errors import TailorbirdError

_BYTES_MAX = 20_000_000
_TABLES = {".csv": ",", ".tsv": "\t"}


class PayloadError(TailorbirdError):
    """A folder or file of payloads that cannot be read: which, why, and what is read."""


def read_payloads(folder: Path) -> list[tuple[str, str]]:
    """(family, text) of every payload, each once, in order of files and lines. The family is the file's name.

    A JSON file is a list of texts, or an object with such a list in 'payloads'; JSON lines are texts or objects with
    'text' or 'prompt'. Of a table the first column counts.
    """
    if not folder.exists():
        raise PayloadError(f"there is no folder {folder}")
    files = [folder] if folder.is_file() else sorted(path for path in folder.rglob("*") if path.is_file())
    found: dict[str, str] = {}
    for path in files:
        name = path.name.removesuffix(".gz")
        if path.name.startswith(".") or Path(name).suffix not in (".txt", ".json", ".jsonl", *_TABLES, ""):
            continue
        for text in _texts(path, name):
            found.setdefault(text, name.partition(".")[0])
    if not found:
        raise PayloadError(f"{folder} holds no payloads: text (one a line), JSON lists, CSV, also gzipped")
    return [(family, text) for text, family in found.items()]


def _texts(path: Path, name: str) -> Iterator[str]:
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
            text = file.read(_BYTES_MAX).decode("utf-8", "replace")
        suffix = Path(name).suffix
        if suffix == ".json":
            yield from _strings(json.loads(text))
        elif suffix == ".jsonl":
            for line in filter(str.strip, text.splitlines()):
                yield from _strings([json.loads(line)])
        elif suffix in _TABLES:
            for row in list(csv.reader(io.StringIO(text), delimiter=_TABLES[suffix]))[suffix == ".csv" :]:
                yield from _strings(row[:1] if suffix == ".csv" else row[-1:])
        else:
            yield from _strings(text.splitlines())
    except (OSError, EOFError, ValueError, csv.Error) as error:
        raise PayloadError(f"{path} cannot be read: {error}") from None


def _strings(found: Any) -> Iterator[str]:
    listed = found.get("payloads", found.get("prompts", [])) if isinstance(found, dict) else found
    for one in listed if isinstance(listed, list) else []:
        text = one if isinstance(one, str) else (one.get("text") or one.get("prompt") if isinstance(one, dict) else "")
        if isinstance(text, str) and text.strip():
            yield text
