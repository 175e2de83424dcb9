"""SQL of the views that everybody reads: `events` and `people`."""

from collections.abc import Sequence

from tailorbird.stages.events.consent_sql import WORD_FIELDS, consent_words_query
from tailorbird.types.event import EVENT_COLUMNS, IMPORT_ROW
from tailorbird.types.reserved import ANONYMOUS_PREFIX

_ROW = f"coalesce(TRY_CAST(json_extract_string(context, '$.{IMPORT_ROW}') AS BIGINT), 0)"
_PLACE = f"CASE WHEN contains(context, '{IMPORT_ROW}') THEN {_ROW} ELSE 0 END"  # Most contexts are never parsed.
_LATEST = f"timestamp, received_at, {_PLACE}"
"""SQL of what makes an event a later word than another: a file that says no after an older file said yes, for the same
day, must not be a toss of two hashes. The message_id decides only between events that nothing else tells apart."""


TEST_CONTEXT = '{"test":true}'
_IS_TEST = """contains(context, '"test"') AND coalesce(json_extract_string(context, '$.test') = 'true', FALSE)"""


def repeats_query(segments: str) -> str:
    """The message ids that view `segments` holds more than once: few, so that nobody need sort everything for them."""
    return f"SELECT message_id FROM {segments} GROUP BY message_id HAVING count(*) > 1"


def firsts_query(segments: str, repeats: str) -> str:
    """Every event of view `segments` once per message_id: the first received wins, and of equal times always the same.

    `repeats` is a table of the ids that `repeats_query` finds.
    """
    columns = ", ".join(f's."{name}"' for name, _ in EVENT_COLUMNS)
    order = ", ".join(["received_at", *(f'"{name}"' for name, _ in EVENT_COLUMNS if name != "received_at")])
    return f"""
SELECT {columns} FROM {segments} s WHERE NOT EXISTS (SELECT 1 FROM {repeats} r WHERE r.message_id = s.message_id)
UNION ALL
SELECT {columns} FROM {segments} s WHERE EXISTS (SELECT 1 FROM {repeats} r WHERE r.message_id = s.message_id)
QUALIFY row_number() OVER (PARTITION BY message_id ORDER BY {order}) = 1"""


def events_query(firsts: str, identity: str = "identity") -> str:
    """Every event of `firsts` with its `person_id`, by the tables that `resolve_identities` makes.

    That is the person of its user_id (`<identity>_people`: who is called otherwise now); without a user_id the person
    whose device the anonymous_id was at the moment of the event (`<identity>_devices`); else 'anon:' and the
    anonymous_id.
    """
    columns = ", ".join(f'e."{name}"' for name, _ in EVENT_COLUMNS)
    return f"""
SELECT {columns}, coalesce(u.person_id, e.user_id, d.person_id, '{ANONYMOUS_PREFIX}' || e.anonymous_id) AS person_id
FROM {firsts} e
LEFT JOIN {identity}_people u ON u.id = e.user_id
LEFT JOIN {identity}_devices d ON d.anonymous_id = CASE WHEN e.user_id IS NULL THEN e.anonymous_id END
  AND e."timestamp" >= d.since AND e."timestamp" < d.until"""


def people_query(events: str = "events", known: str | None = None) -> str:
    """One row per known person: person_id, email, first_name, locale, timezone, country, traits, consents (JSON text).

    Known is who has an event in `events`, or is in relation `known` where `events` are only some: each person once, as
    `known_query` gives them. Traits fold over identify events: the last value per trait by timestamp, then by receipt,
    then by the row of the imported file. Consents are those of `consent_words_query`.
    """
    everybody = known or (f"(SELECT DISTINCT person_id FROM {events} WHERE person_id NOT LIKE '{ANONYMOUS_PREFIX}%')")
    return f"""
WITH told AS (
  SELECT e.person_id, j.key, j.value, ({_LATEST}, message_id) AS said
  FROM {events} e, json_each(e.traits) j WHERE e.type = 'identify' AND j.key <> 'consents'
), last_told AS (
  SELECT person_id, key, arg_max(value, said) AS value FROM told GROUP BY person_id, key
), folded AS (
  SELECT person_id, {_object("value")} AS traits FROM last_told
  WHERE json_type(value) <> 'NULL' GROUP BY person_id
), consented AS ({consent_words_query(events, _PLACE)}
)
SELECT k.person_id, t.traits ->> '$.email' AS email, t.traits ->> '$.firstName' AS first_name,
  t.traits ->> '$.locale' AS locale, t.traits ->> '$.timezone' AS timezone, t.traits ->> '$.country' AS country,
  CAST(coalesce(t.traits, '{{}}') AS VARCHAR) AS traits, CAST(coalesce(c.consents, '{{}}') AS VARCHAR) AS consents
FROM {everybody} k LEFT JOIN folded t ON t.person_id = k.person_id LEFT JOIN consented c ON c.person_id = k.person_id
ORDER BY k.person_id"""


def consent_events_query(segments: str, traits: Sequence[str] = ()) -> str:
    """Of view `segments` only the words on consent, in columns of EVENT_COLUMNS without what else they say.

    With `traits`, also whatever tells one of them, and then with all that it tells. What test traffic says has
    TEST_CONTEXT. `events_query` and, without those, `people_query` give the consents that they give over everything.
    """
    said = """(type = 'track' AND event = 'Consent Updated')
    OR (type = 'identify' AND json_extract(traits, '$.consents') IS NOT NULL)"""
    kept = " OR ".join(f"json_extract(traits, '$.{name}') IS NOT NULL" for name in traits)
    fields = ", ".join(f"'{name}', json_extract(properties, '$.{name}')" for name in WORD_FIELDS)
    slim = {
        "properties": "CASE WHEN type = 'track' AND event = 'Consent Updated' THEN "
        f"CAST(json_object({fields}) AS VARCHAR) WHEN type = 'track' THEN properties ELSE '{{}}' END",
        "traits": "CASE WHEN type = 'identify' "
        "THEN '{\"consents\":' || CAST(json_extract(traits, '$.consents') AS VARCHAR) || '}' ELSE '{}' END",
        "context": f"CASE WHEN {_IS_TEST} THEN '{TEST_CONTEXT}' "
        f"WHEN {_PLACE} > 0 THEN '{{\"{IMPORT_ROW}\":' || {_PLACE} || '}}' ELSE '{{}}' END",
    }
    if traits:
        slim["traits"] = "CASE WHEN type = 'identify' THEN traits ELSE '{}' END"
    columns = ", ".join(f'{slim[name]} AS "{name}"' if name in slim else f'"{name}"' for name, _ in EVENT_COLUMNS)
    return f"SELECT {columns} FROM {segments} WHERE {said}" + (f" OR (type = 'identify' AND ({kept}))" if kept else "")


def _object(value: str) -> str:
    """SQL of a JSON object of the rows' `key` and `value`, keys in order, so that equal people have equal text."""
    pairs = f"CAST(to_json(key) AS VARCHAR) || ':' || CAST(to_json({value}) AS VARCHAR)"
    return f"CAST('{{' || string_agg({pairs}, ',' ORDER BY key) || '}}' AS JSON)"
