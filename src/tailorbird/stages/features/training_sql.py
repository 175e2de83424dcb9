"""SQL of a training set: features at the moments of a spine, with what each person allowed at that moment."""

from collections.abc import Sequence

from tailorbird.stages.features.compile import compile_features
from tailorbird.stages.features.definitions import purposes_of, value_type
from tailorbird.stages.features.frequent_sql import SEPARATOR
from tailorbird.stages.features.json_sql import literal, quoted
from tailorbird.types.feature import FeatureDefinition
from tailorbird.types.reserved import ANONYMOUS_PREFIX


def training_query(
    definitions: Sequence[FeatureDefinition],
    labels: Sequence[str],
    timezone: str = "UTC",
    consents: str = "spine_consents",
    asked: str = "asked",
) -> str:
    """One row for each row of table `asked(place, person_id, as_of, labels...)`, in its order.

    The columns are person_id, as_of, the features, `withheld` (the names of the features that consent did not cover at
    that moment, with commas, NULL if there are none) and the labels as they came. Table `spine` has the distinct
    (person_id, as_of) of `asked`, and `consents(person_id, as_of, purpose, given)` what was in force then.
    """
    purposes = sorted({definition.purpose for definition in definitions})
    said = ", ".join(
        f"coalesce(bool_or(c.given) FILTER (WHERE c.purpose = {literal(purpose)}), FALSE) AS allowed{i}"
        for i, purpose in enumerate(purposes)
    )
    places = {purpose: f"a.allowed{i}" for i, purpose in enumerate(purposes)}
    allowed = {
        name: f"({' AND '.join(map(places.__getitem__, needed))})" for name, needed in purposes_of(definitions).items()
    }
    columns = [f"{_shown(one, allowed[one.name])} AS {quoted(one.name)}" for one in definitions]
    withheld = ", ".join(f"CASE WHEN NOT {allowed[one.name]} THEN {literal(one.name)} END" for one in definitions)
    columns.append(f"nullif(concat_ws(',', {withheld}), '') AS withheld" if definitions else "NULL AS withheld")
    columns += [f"r.{quoted(label)}" for label in labels]
    return (
        f"WITH computed AS ({compile_features(definitions, timezone)}), allowances AS (SELECT s.person_id, s.as_of"
        f"{', ' + said if said else ''} FROM spine s LEFT JOIN {consents} c ON c.person_id = s.person_id "
        f"AND c.as_of = s.as_of GROUP BY s.person_id, s.as_of) SELECT r.person_id, r.as_of, {', '.join(columns)} "
        f"FROM {asked} r JOIN computed f ON f.person_id = r.person_id AND f.as_of = r.as_of "
        "JOIN allowances a ON a.person_id = r.person_id AND a.as_of = r.as_of ORDER BY r.place"
    )


def spine_words_query(events: str = "events", spine: str = "spine") -> str:
    """The events before each moment of the spine that tell of consents and places, with `moment_key` as person_id.

    `people_query` over them gives each person's words and country as they were then.
    """
    return (
        f"SELECT e.* REPLACE ({moment_key('s')} AS person_id) FROM {spine} s JOIN {events} e "
        f"ON e.person_id = s.person_id AND e.timestamp < s.as_of WHERE e.person_id NOT LIKE '{ANONYMOUS_PREFIX}%' "
        "AND (e.type = 'identify' OR (e.type = 'track' AND e.event = 'Consent Updated'))"
    )


def moment_key(spine: str) -> str:
    """SQL of one text for a person and a moment."""
    return f"CAST(epoch_us({spine}.as_of) AS VARCHAR) || ':' || {spine}.person_id"


def moments_query(purchases: bool, words: str = "spine_people", events: str = "events", spine: str = "spine") -> str:
    """(person_id, as_of, words as JSON, country, day of the last purchase) of the spine; the day only if asked for."""
    day = (
        f"(SELECT date_trunc('day', max(e.timestamp)) FROM {events} e WHERE e.person_id = s.person_id "
        "AND e.timestamp < s.as_of AND e.type = 'track' AND e.event = 'Order Completed')"
        if purchases
        else "CAST(NULL AS TIMESTAMP)"
    )
    return (
        f"SELECT s.person_id, s.as_of, coalesce(p.consents, '{{}}'), p.country, {day} FROM {spine} s "
        f"LEFT JOIN {words} p ON p.person_id = {moment_key('s')}"
    )


def _shown(definition: FeatureDefinition, allowed: str) -> str:
    column = f"f.{quoted(definition.name)}"
    if value_type(definition) == "list":
        column = f"string_split({column}, {literal(SEPARATOR)})"
    return f"CASE WHEN {allowed} THEN {column} END"
