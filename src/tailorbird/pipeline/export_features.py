"""Training sets: the features of people at moments, as they could have been known then."""

import glob
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from tailorbird.ports.warehouse import Warehouse, WarehouseError
from tailorbird.stages.consent.effective import ConsentRules
from tailorbird.stages.consent.jurisdictions import country_code
from tailorbird.stages.events.conversions import to_utc, within
from tailorbird.stages.events.views import people_query
from tailorbird.stages.features.json_sql import literal, quoted
from tailorbird.stages.features.training_sql import moments_query, spine_words_query, training_query
from tailorbird.types.consent import is_granted
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.feature import FeatureDefinition
from tailorbird.types.settings import ConsentSettings

FORMATS = (".parquet", ".csv", ".jsonl")
_RESERVED = ("person_id", "as_of", "withheld", "place")


class ExportError(TailorbirdError):
    """A training set cannot be made. One sentence: which rows of the spine are wrong, and how to mend them."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: rows, distinct people, rows of people who are unknown, and rows with something withheld."""

    path: Path
    rows: int
    people: int
    unknown: int
    withheld: int


def export_features(
    warehouse: Warehouse,
    definitions: Sequence[FeatureDefinition],
    output: Path,
    as_of: datetime | None,
    spine: Path | None = None,
    timezone: str = "UTC",
    rules: ConsentRules | None = None,
    rename: Callable[[str], str] | None = None,
) -> Exported:
    """Write the training set of a spine file, or of everybody at `as_of` (aware).

    The spine has a column person_id and, unless `as_of` says it for all, as_of; its other columns are carried through.
    A time without a zone is in the project's `timezone`. `rules` say what was in force at each moment, by the words
    that were said before it. `rename` gives each person another name, by which the rows are then sorted: in the order
    of the ids two files would tell who is who. `open_views` must have run. ExportError: nothing was written.
    """
    if output.suffix.lower() not in FORMATS:
        raise ExportError(f"cannot write {output.name}: use one of {', '.join(FORMATS)}")
    if spine is None and as_of is None:
        raise ExportError("say for whom and when: --as-of MOMENT for everybody, or --spine FILE")
    labels = _ask_file(warehouse, spine, as_of, timezone) if spine else _ask_everybody(warehouse, as_of)
    clash = {definition.name.casefold() for definition in definitions} & {label.casefold() for label in labels}
    if clash:
        raise ExportError(f"{spine}: column {sorted(clash)[0]!r} has the name of a feature; rename it")
    warehouse.run("CREATE OR REPLACE TEMP TABLE spine AS SELECT DISTINCT person_id, as_of FROM asked")
    purposes = sorted({definition.purpose for definition in definitions})
    _load_consents(warehouse, rules or ConsentRules(ConsentSettings()), purposes)
    query = training_query(definitions, labels, timezone)
    warehouse.run(f"CREATE OR REPLACE TEMP TABLE training AS {query}")
    ((asked, made),) = warehouse.rows("SELECT (SELECT count(*) FROM asked), (SELECT count(*) FROM training)")
    if asked != made:
        raise ExportError("a feature in SQL gives several rows for one person and moment; group them")
    ((people, unknown, withheld),) = warehouse.rows(
        "SELECT count(DISTINCT person_id), count(*) FILTER (WHERE person_id NOT IN (SELECT person_id FROM people)), "
        "count(withheld) FROM training"
    )
    written = "SELECT * FROM training" if rename is None else _renamed(warehouse, rename)
    return Exported(output, warehouse.write(written, output), people, unknown, withheld)


def _renamed(warehouse: Warehouse, rename: Callable[[str], str]) -> str:
    """SQL of the training set under other names. Its labels are the spine's, and are carried through as they are."""
    ids = [row[0] for row in warehouse.rows("SELECT DISTINCT person_id FROM training")]
    warehouse.load(
        "other_names", {"id": ids, "name": [rename(one) for one in ids]} if ids else {"id": [""], "name": [""]}
    )
    return (
        "SELECT training.* REPLACE (other_names.name AS person_id) FROM training "
        "JOIN other_names ON other_names.id = training.person_id ORDER BY other_names.name, training.as_of"
    )


def _load_consents(warehouse: Warehouse, rules: ConsentRules, purposes: Sequence[str]) -> None:
    """Make `spine_consents`: what was in force for each row of the spine, purpose by purpose."""
    warehouse.run(f"CREATE OR REPLACE TEMP TABLE spine_words AS {spine_words_query()}")
    warehouse.run(f"CREATE OR REPLACE TEMP TABLE spine_people AS {people_query('spine_words')}")
    judged: dict[tuple[Any, ...], list[bool]] = {}
    columns: dict[str, list[Any]] = {"person_id": [], "as_of": [], "purpose": [], "given": []}
    for person_id, as_of, words, country, day in warehouse.rows(moments_query(rules.needs_purchases)):
        case = (as_of, words, country, day)
        if case not in judged:
            bought = day.replace(tzinfo=UTC) if day is not None else None
            moment = as_of.replace(tzinfo=UTC)
            found = rules.resolve(msgspec.json.decode(words), country_code(country), bought, moment)
            judged[case] = [is_granted(found, purpose) for purpose in purposes]
        columns["person_id"] += [person_id] * len(purposes)
        columns["as_of"] += [as_of] * len(purposes)
        columns["purpose"] += purposes
        columns["given"] += judged[case]
    warehouse.load("spine_consents", columns)
    if not columns["given"]:
        warehouse.run(
            "CREATE OR REPLACE TABLE spine_consents AS SELECT '' AS person_id, CAST(NULL AS TIMESTAMP) AS as_of, "
            "'' AS purpose, FALSE AS given WHERE FALSE"
        )


def _ask_everybody(warehouse: Warehouse, as_of: datetime | None) -> list[str]:
    warehouse.run(
        "CREATE OR REPLACE TEMP TABLE asked AS SELECT row_number() OVER (ORDER BY person_id) AS place, person_id, "
        f"{_moment(as_of)} AS as_of FROM people"
    )
    return []


def _ask_file(warehouse: Warehouse, spine: Path, as_of: datetime | None, timezone: str) -> list[str]:
    """Make `asked` of the file's rows; the names of its other columns. ExportError: the first wrong rows."""
    if not spine.is_file():
        raise ExportError(f"there is no file {spine}; check the path")
    if spine.suffix.lower() not in (".csv", ".parquet"):
        raise ExportError(f"{spine} cannot be read; a spine is a .csv or a .parquet file")
    try:
        warehouse.attach("spine_file", [spine])
        named = {row[0] for row in warehouse.rows("DESCRIBE SELECT * FROM spine_file")}
        if spine.suffix.lower() == ".csv":
            # Ids keep their noughts, and times their zone, or that they have none.
            texts = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in ("person_id", "as_of") if name in named)
            read = f"read_csv({literal(glob.escape(str(spine)))}, header = true, types = {{{texts}}})"
            warehouse.run(f"CREATE OR REPLACE VIEW spine_file AS SELECT * FROM {read}")
        columns = {row[0]: row[1] for row in warehouse.rows("DESCRIBE SELECT * FROM spine_file")}
    except WarehouseError as error:
        raise ExportError(f"{spine} cannot be read: {error}") from error
    for needed in ("person_id", "as_of") if as_of is None else ("person_id",):
        if needed not in columns:
            raise ExportError(f"{spine} has no column {needed!r}; it has {', '.join(columns)}")
    if as_of is not None and "as_of" in columns:
        raise ExportError(f"{spine} has a column as_of; leave --as-of out, or the column")
    labels = [name for name in columns if name not in ("person_id", "as_of")]
    for label in labels:
        if label.casefold() in _RESERVED:
            raise ExportError(f"{spine}: the column {label!r} has a name of ours; rename it")
    moment = _moment(as_of) if as_of else _moment_of("as_of", columns["as_of"], timezone)
    carried = "".join(f", {quoted(label)}" for label in labels)
    raw = "CAST(as_of AS VARCHAR)" if as_of is None else "''"
    warehouse.run(
        "CREATE OR REPLACE TEMP TABLE asked AS SELECT row_number() OVER () AS place, "
        f"nullif(trim(CAST(person_id AS VARCHAR)), '') AS person_id, {moment} AS as_of, {raw} AS said{carried} "
        "FROM spine_file"
    )
    _refuse_wrong_rows(warehouse, spine)
    return labels


def _refuse_wrong_rows(warehouse: Warehouse, spine: Path) -> None:
    wrong = warehouse.rows(
        "SELECT place, person_id, said FROM asked WHERE person_id IS NULL OR as_of IS NULL ORDER BY place"
    )
    if not wrong:
        return
    place, person, said = wrong[0]
    reason = "person_id is empty" if person is None else f"as_of {said!r} is no time such as 2026-06-01T09:30:00Z"
    others = f", and {len(wrong) - 1:,} rows more are wrong" if len(wrong) > 1 else ""
    raise ExportError(f"{spine}: row {place}: {reason}{others}; mend the file, nothing was written")


def _moment(as_of: datetime | None) -> str:
    assert as_of is not None
    stamp = as_of.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
    return f"CAST('{stamp}' AS TIMESTAMP)"


def _moment_of(column: str, kind: str, timezone: str) -> str:
    """SQL of the moment in UTC: a time with a zone is one; anything else is read as a text, as in an import."""
    if kind == "TIMESTAMP WITH TIME ZONE":
        return within(f"timezone('UTC', {column})")
    return within(to_utc(f"trim(CAST({column} AS VARCHAR))", timezone))
