"""Proposals of duplicates as a CSV file, which people look at, and strike lines from, before anything is merged."""

import csv
import os
from collections.abc import Sequence
from pathlib import Path

from tailorbird.types.errors import TailorbirdError
from tailorbird.types.identity import DuplicateProposal

COLUMNS = ("one", "other", "probability", "equal")


class ProposalsError(TailorbirdError):
    """The file cannot be written or read, or a line of it is no proposal."""


def write_proposals(path: Path, proposals: Sequence[DuplicateProposal]) -> None:
    """Write the file, whole or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            writer.writerows((each.one, each.other, each.probability, " ".join(each.equal)) for each in proposals)
        temporary.replace(path)
    except OSError as error:
        raise ProposalsError(f"{path} cannot be written: {error.strerror or error}") from error
    finally:
        temporary.unlink(missing_ok=True)


def read_proposals(path: Path) -> list[DuplicateProposal]:
    """The proposals that are left in the file, in its order."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.reader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ProposalsError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if not rows or tuple(rows[0]) != COLUMNS:
        raise ProposalsError(
            f"{path}: line 1: the columns must be {','.join(COLUMNS)}, as `identity duplicates` writes"
        )
    return [_read(path, number, row) for number, row in enumerate(rows[1:], 2) if row]


def _read(path: Path, number: int, row: Sequence[str]) -> DuplicateProposal:
    try:
        one, other, probability, equal = row
        return DuplicateProposal(one, other, float(probability), tuple(equal.split()))
    except ValueError:
        shape = "two ids, a probability, and what is equal; strike whole lines only"
        raise ProposalsError(f"{path}: line {number}: it is no proposal: {shape}") from None
