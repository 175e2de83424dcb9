"""Cells: people grouped by what matters for the words, never fewer than k together."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tailorbird.types.brief import Subject, SubjectKind
from tailorbird.types.campaign import BriefSpec
from tailorbird.types.feature import FeatureTable


def assign_cells(
    table: FeatureTable,
    rows: Sequence[int],
    spec: BriefSpec,
    sensitive: Sequence[str] = (),
    shown: Mapping[str, Mapping[int, Any]] | None = None,
) -> list[Subject]:
    """The subject of each of `rows`: the finest level of the lattice whose cell has at least k of these people.

    Level by level, the people not placed yet are counted per cell; cells of k or more keep them, the others are
    generalised to the next level, and at last to the default subject. Counting only the people not placed yet
    means that each brief is really read by k people or more, not merely shared by them on paper. A person with a
    missing or withheld value on a level cannot be placed there.

    The people of a cell also have at least `spec.diversity` values of every `sensitive` feature among them, or nobody's
    is known: else whoever sees the brief could tell what they all have. So a sensitive feature makes no cells itself.
    `shown[name][row]` is an attribute of what a person is shown, which no feature holds.
    """
    columns: Mapping[str, Any] = {**table.columns, **(shown or {})}
    placed: dict[int, Subject] = {}
    for level, names in enumerate(spec.lattice):
        cells: dict[tuple[str, ...], list[int]] = {}
        for row in rows:
            if row not in placed and (key := _key(columns, names, row)) is not None:
                cells.setdefault(key, []).append(row)
        for key, members in cells.items():
            if len(members) >= spec.k and _is_diverse(table, members, sensitive, spec.diversity):
                subject = Subject(_kind(names, spec), tuple(zip(names, key, strict=True)), level)
                placed.update((row, subject) for row in members)
    default = Subject("default", (), len(spec.lattice))
    return [placed.get(row, default) for row in rows]


def place_people(
    table: FeatureTable,
    rows: Sequence[int],
    spec: BriefSpec,
    cells: Iterable[Subject],
    shown: Mapping[str, Mapping[int, Any]] | None = None,
) -> list[Subject]:
    """The subject of each of `rows` among cells that exist already: the finest one that they fit.

    People by whom `assign_cells` made the cells get the same ones from here; a newcomer, or somebody whose values are
    others now, makes no cell and takes none away.
    """
    columns: Mapping[str, Any] = {**table.columns, **(shown or {})}
    known = {(cell.level, tuple(value for _, value in cell.attributes)): cell for cell in cells}
    default = Subject("default", (), len(spec.lattice))
    subjects = []
    for row in rows:
        keys = ((level, _key(columns, names, row)) for level, names in enumerate(spec.lattice))
        subjects.append(next((known[key] for key in keys if key in known), default))
    return subjects


def _key(columns: Mapping[str, Any], names: Sequence[str], row: int) -> tuple[str, ...] | None:
    values = tuple(columns[name][row] for name in names)
    return None if any(value is None or value == "" for value in values) else tuple(str(value) for value in values)


def _is_diverse(table: FeatureTable, members: Sequence[int], sensitive: Sequence[str], least: int) -> bool:
    known = ({str(table.columns[name][row]) for row in members} - {"None", ""} for name in sensitive)
    return all(len(values) >= least for values in known if values)


def _kind(names: Sequence[str], spec: BriefSpec) -> SubjectKind:
    if spec.family in names:
        return "family" if len(names) == 1 else "cell_family"
    return "cell"


def subject_family(subject: Subject, spec: BriefSpec) -> str | None:
    """The item family a subject is about, if any."""
    return dict(subject.attributes).get(spec.family) if spec.family else None
