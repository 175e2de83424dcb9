"""Cells: people grouped by what matters for the words, never fewer than k together."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from tailorbird.types.brief import Subject, SubjectKind
from tailorbird.types.campaign import BriefSpec


def assign_cells(columns: Mapping[str, Sequence[Any]], rows: Sequence[int], spec: BriefSpec) -> list[Subject]:
    """The subject of each of `rows`: the finest level of the lattice whose cell has at least k of these people.

    Level by level, the people not placed yet are counted per cell; cells of k or more keep them, the others are
    generalised to the next level, and at last to the default subject. Counting only the people not placed yet
    means that each brief is really read by k people or more, not merely shared by them on paper. A person with a
    missing or withheld value on a level cannot be placed there.
    """
    placed: dict[int, Subject] = {}
    for level, names in enumerate(spec.lattice):
        keys = {row: _key(columns, names, row) for row in rows if row not in placed}
        sizes = Counter(key for key in keys.values() if key is not None)
        for row, key in keys.items():
            if key is not None and sizes[key] >= spec.k:
                placed[row] = Subject(_kind(names, spec), tuple(zip(names, key, strict=True)), level)
    default = Subject("default", (), len(spec.lattice))
    return [placed.get(row, default) for row in rows]


def _key(columns: Mapping[str, Sequence[Any]], names: Sequence[str], row: int) -> tuple[str, ...] | None:
    values = tuple(columns[name][row] for name in names)
    return None if any(value is None or value == "" for value in values) else tuple(str(value) for value in values)


def _kind(names: Sequence[str], spec: BriefSpec) -> SubjectKind:
    if spec.family in names:
        return "family" if len(names) == 1 else "cell_family"
    return "cell"


def subject_family(subject: Subject, spec: BriefSpec) -> str | None:
    """The item family a subject is about, if any."""
    return dict(subject.attributes).get(spec.family) if spec.family else None
