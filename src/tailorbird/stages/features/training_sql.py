"""SQL of a training set: features at the moments of a spine, with what each person allowed at that moment."""

from collections.abc import Mapping, Sequence

from tailorbird.stages.features.compile import compile_features
from tailorbird.stages.features.definitions import value_type
from tailorbird.stages.features.frequent_sql import SEPARATOR
from tailorbird.stages.features.json_sql import literal, quoted
from tailorbird.types.feature import FeatureDefinition


def training_query(
    definitions: Sequence[FeatureDefinition],
    labels: Sequence[str],
    consent_defaults: Mapping[str, bool],
    timezone: str = "UTC",
    consents: str = "spine_consents",
    asked: str = "asked",
) -> str:
    """One row for each row of table `asked(place, person_id, as_of, labels...)`, in its order.

    The columns are person_id, as_of, the features, `withheld` (the names of the features that consent did not cover at
    that moment, with commas, NULL if there are none) and the labels as they came. Table `spine` has the distinct
    (person_id, as_of) of `asked`, and `consents(person_id, as_of, purpose, given)` the words that were known then.
    """
    purposes = sorted({definition.purpose for definition in definitions})
    said = ", ".join(
        f"coalesce(bool_or(c.given) FILTER (WHERE c.purpose = {literal(purpose)}), "
        f"{literal(consent_defaults.get(purpose, False) is True)}) AS allowed{i}"
        for i, purpose in enumerate(purposes)
    )
    allowed = {purpose: f"a.allowed{i}" for i, purpose in enumerate(purposes)}
    columns = [f"{_shown(one, allowed[one.purpose])} AS {quoted(one.name)}" for one in definitions]
    withheld = ", ".join(f"CASE WHEN NOT {allowed[one.purpose]} THEN {literal(one.name)} END" for one in definitions)
    columns.append(f"nullif(concat_ws(',', {withheld}), '') AS withheld" if definitions else "NULL AS withheld")
    columns += [f"r.{quoted(label)}" for label in labels]
    return (
        f"WITH computed AS ({compile_features(definitions, timezone)}), allowances AS (SELECT s.person_id, s.as_of"
        f"{', ' + said if said else ''} FROM spine s LEFT JOIN {consents} c ON c.person_id = s.person_id "
        f"AND c.as_of = s.as_of GROUP BY s.person_id, s.as_of) SELECT r.person_id, r.as_of, {', '.join(columns)} "
        f"FROM {asked} r JOIN computed f ON f.person_id = r.person_id AND f.as_of = r.as_of "
        "JOIN allowances a ON a.person_id = r.person_id AND a.as_of = r.as_of ORDER BY r.place"
    )


def consents_query(events: str = "events", spine: str = "spine") -> str:
    """The last word of each person of the spine on each purpose before each moment: person_id, as_of, purpose, given.

    A word counts from its own time on, as in `people_query`; where nothing tells which word came last, no wins.
    """
    given = "coalesce(CAST(j.value AS VARCHAR) = 'true', FALSE)"
    columns = f"e.person_id, e.timestamp, e.received_at, j.key AS purpose, {given} AS given"
    return f"""
WITH words AS (
  SELECT {columns} FROM {events} e, json_each(json_extract(e.properties, '$.consents')) j
  WHERE e.type = 'track' AND e.event = 'Consent Updated'
  UNION ALL
  SELECT {columns} FROM {events} e, json_each(json_extract(e.traits, '$.consents')) j WHERE e.type = 'identify'
)
SELECT s.person_id, s.as_of, w.purpose, arg_max(w.given, (w.timestamp, w.received_at, NOT w.given)) AS given
FROM {spine} s JOIN words w ON w.person_id = s.person_id AND w.timestamp < s.as_of
GROUP BY s.person_id, s.as_of, w.purpose"""


def _shown(definition: FeatureDefinition, allowed: str) -> str:
    column = f"f.{quoted(definition.name)}"
    if value_type(definition) == "list":
        column = f"string_split({column}, {literal(SEPARATOR)})"
    return f"CASE WHEN {allowed} THEN {column} END"
