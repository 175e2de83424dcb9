"""SQL that finds in events what says who is whom, and tells each device's owners.

Reads a relation of events, each message_id once (columns of EVENT_COLUMNS). Devices are anonymous ids; an event that
carries a user id beside one identifies that user on that device. An alias does so as well: its former id may have been
a device's, or a user's.
"""

from collections.abc import Sequence

from tailorbird.types.event import EVENT_COLUMNS
from tailorbird.types.identity import IDENTITIES_MERGED, IDENTITIES_SPLIT
from tailorbird.types.reserved import IDENTITY_EVENT_PREFIX

BEGINNING, END = "TIMESTAMP '0001-01-01 00:00:00'", "TIMESTAMP '9999-12-31 23:59:59'"

_IDENTIFIED = "user_id IS NOT NULL AND anonymous_id IS NOT NULL"
_OURS = f"event IN ('{IDENTITIES_MERGED}', '{IDENTITIES_SPLIT}') AND message_id LIKE '{IDENTITY_EVENT_PREFIX}%'"


def linking_query(segments: str) -> str:
    """The events of view `segments` that `links_query` reads, in columns of EVENT_COLUMNS."""
    columns = ", ".join(f'"{name}"' for name, _ in EVENT_COLUMNS)
    return f"SELECT {columns} FROM {segments} WHERE (type = 'alias' AND {_IDENTIFIED}) OR (type = 'track' AND {_OURS})"


def identified_query(segments: str, devices: str) -> str:
    """The events of view `segments` that say who was on one of `devices` (anonymous_id), without what else they say."""
    said = ("properties", "traits", "context")
    columns = ", ".join(f"'{{}}' AS \"{name}\"" if name in said else f'"{name}"' for name, _ in EVENT_COLUMNS)
    return (
        f"SELECT {columns} FROM {segments} WHERE {_IDENTIFIED} AND anonymous_id IN (SELECT anonymous_id FROM {devices})"
    )


def links_query(events: str) -> str:
    """Every alias, once per pair of ids, and every merge and split that an operator recorded.

    Columns: kind (alias, merge or split), source, target (a split's two ids are in no order), at, first_at, count, by
    and reason.
    """
    said = {name: f"json_extract_string(properties, '$.{name}')" for name in ("source", "target", "by", "reason")}
    return f"""
SELECT 'alias' AS kind, anonymous_id AS source, user_id AS target, max("timestamp") AS at,
  min("timestamp") AS first_at, count(*) AS count, '' AS by, '' AS reason
FROM {events} WHERE type = 'alias' AND {_IDENTIFIED} AND anonymous_id <> user_id GROUP BY anonymous_id, user_id
UNION ALL
SELECT CASE WHEN event = '{IDENTITIES_MERGED}' THEN 'merge' ELSE 'split' END,
  {said["source"]}, {said["target"]}, "timestamp", "timestamp", 1, {said["by"]}, {said["reason"]}
FROM {events} WHERE type = 'track' AND {_OURS}"""


def traits_query(events: str, names: Sequence[str]) -> str:
    """What was last said of each user: user_id, trait, value as JSON, when; at equal times the greater text wins."""
    listed = ", ".join(f"'{name}'" for name in names)
    return f"""
SELECT e.user_id, j.key, arg_max(CAST(j.value AS VARCHAR), (e."timestamp", CAST(j.value AS VARCHAR))) AS value,
  max(e."timestamp") AS at
FROM {events} e, json_each(e.traits) j
WHERE e.type = 'identify' AND e.user_id IS NOT NULL AND j.key IN ({listed}) GROUP BY e.user_id, j.key"""


def pairs_query(events: str) -> str:
    """Who was identified on which device: one row per device and user, with the first and last time and how often."""
    return f"""
SELECT anonymous_id, user_id, min("timestamp") AS first_at, max("timestamp") AS last_at, count(*) AS count
FROM {events} WHERE {_IDENTIFIED} GROUP BY anonymous_id, user_id"""


def counts_query(pairs: str, people: str) -> str:
    """How many people each device had, and one of them."""
    return f"""
SELECT p.anonymous_id, count(DISTINCT coalesce(u.person_id, p.user_id)) AS people,
  min(coalesce(u.person_id, p.user_id)) AS person_id
FROM {pairs} p LEFT JOIN {people} u ON u.id = p.user_id GROUP BY p.anonymous_id"""


def devices_query(events: str, counts: str, people: str, users_max: int) -> str:
    """Whose each device was, and when: anonymous_id, since, until, person_id, without overlaps or gaps.

    A device with one person is that person's, also before the first identification. One with several people is shared:
    it is the person's who was identified on it last, and before all of them the first one's. One with more than
    `users_max` people is nobody's, and has no row. At equal times the greatest person_id wins.
    """
    return f"""
WITH moments AS (
  SELECT e.anonymous_id, e."timestamp" AS since, max(coalesce(u.person_id, e.user_id)) AS person_id
  FROM {events} e LEFT JOIN {people} u ON u.id = e.user_id
  WHERE e.user_id IS NOT NULL
  AND e.anonymous_id IN (SELECT anonymous_id FROM {counts} WHERE people BETWEEN 2 AND {int(users_max)})
  GROUP BY e.anonymous_id, e."timestamp"
), changes AS (
  SELECT *, lag(person_id) OVER (PARTITION BY anonymous_id ORDER BY since) AS before FROM moments
), periods AS (
  SELECT anonymous_id, since, person_id, before, lead(since) OVER (PARTITION BY anonymous_id ORDER BY since) AS until
  FROM changes WHERE before IS NULL OR before <> person_id
)
SELECT anonymous_id, {BEGINNING} AS since, {END} AS until, person_id FROM {counts} WHERE people = 1
UNION ALL
SELECT anonymous_id, CASE WHEN before IS NULL THEN {BEGINNING} ELSE since END, coalesce(until, {END}), person_id
FROM periods"""
