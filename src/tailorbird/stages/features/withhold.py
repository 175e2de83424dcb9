"""Withholds what a person's consent does not cover."""

import difflib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from tailorbird.stages.features.definitions import FeatureError, purposes_of
from tailorbird.types.consent import is_granted
from tailorbird.types.feature import FeatureDefinition, Features, FeatureTable, RawFeatures


def withhold_features(
    table: RawFeatures | FeatureTable,
    definitions: Sequence[FeatureDefinition],
    consents: Sequence[Mapping[str, bool]],
) -> FeatureTable:
    """The table with every value that lacks consent replaced by None and marked in `withheld`.

    A ratio is withheld where either of the features that it is made of is.

    `consents[i]`, what is in force, belongs to `table.person_ids[i]`. What a table withholds already stays
    withheld. FeatureError: a column without a definition, which therefore has no purpose.
    """
    if len(consents) != len(table.person_ids):
        raise ValueError(f"{len(consents)} consents for {len(table.person_ids)} people")
    purposes = purposes_of(definitions)
    allowed: dict[tuple[str, ...], list[bool]] = {}
    columns: dict[str, Sequence[Any]] = {}
    withheld: dict[str, Sequence[bool]] = {}
    given, before = (table.values, {}) if isinstance(table, RawFeatures) else (table.columns, table.withheld)
    for name, values in given.items():
        if name not in purposes:
            near = difflib.get_close_matches(name, purposes, n=1)
            mend = f"; did you mean {near[0]!r}?" if near else ""
            raise FeatureError(f"feature {name!r} has no definition and so no purpose{mend}")
        needed = purposes[name]
        if needed not in allowed:
            allowed[needed] = [all(is_granted(one, purpose) for purpose in needed) for one in consents]
        may = allowed[needed]
        if all(may):
            columns[name] = values
        else:
            columns[name] = [value if ok else None for value, ok in zip(values, may, strict=True)]
        already = before.get(name)
        hidden = [not ok for ok in may]
        withheld[name] = [a or b for a, b in zip(hidden, already, strict=True)] if already else hidden
    return FeatureTable(table.as_of, table.person_ids, columns, withheld)


def features_of(table: FeatureTable, row: int, definitions: Sequence[FeatureDefinition]) -> Features:
    """One person's features out of the table, with what is missing and what is withheld, and why."""
    values = {name: column[row] for name, column in table.columns.items()}
    hidden = [name for name, marks in table.withheld.items() if marks[row]]
    return kept_features(table.person_ids[row], table.as_of, values, hidden, told_purposes(definitions))


def told_purposes(definitions: Sequence[FeatureDefinition]) -> dict[str, str]:
    """The purposes that each feature needs, in words."""
    return {name: " and ".join(needed) for name, needed in purposes_of(definitions).items()}


def kept_features(
    person_id: str,
    as_of: datetime,
    values: Mapping[str, Any],
    hidden: Collection[str],
    purposes: Mapping[str, str],
) -> Features:
    """One person's features out of a row that was kept of a withheld table: `hidden` are the names it withholds, and
    `purposes` those of the features, in words."""
    withheld = {name: f"no consent for {purposes.get(name, '')}" for name in hidden}
    missing = tuple(name for name, value in values.items() if value is None and name not in withheld)
    return Features(person_id, as_of, values, missing, withheld)
