"""SQL that tells who is whom, who is known and what counts, from few events: those that say it, and counts of the rest.

Most events say only that somebody did something. What the views ask beyond that stands in events of certain types and
names, and in contexts that hold a mark. These are the *words*; of all events it is enough to know which ids they bear.
"""

from tailorbird.stages.events.marks_sql import MAIL_EVENTS
from tailorbird.types.event import EVENT_COLUMNS
from tailorbird.types.identity import IDENTITIES_MERGED, IDENTITIES_SPLIT
from tailorbird.types.reserved import ANONYMOUS_PREFIX


def words_query(segments: str) -> str:
    """The events of relation `segments` that identities, people and marks are made of, in columns of EVENT_COLUMNS."""
    columns = ", ".join(f'"{name}"' for name, _ in EVENT_COLUMNS)
    names = ", ".join(f"'{name}'" for name in (IDENTITIES_MERGED, IDENTITIES_SPLIT, "Consent Updated", *MAIL_EVENTS))
    marked = "contains(context, '\"machine\"') OR contains(context, '\"test\"')"
    return f"SELECT {columns} FROM {segments} WHERE type IN ('alias', 'identify') OR event IN ({names}) OR {marked}"


def ids_query(segments: str) -> str:
    """Under which ids there are how many events: user_id, or without one anonymous_id, and events."""
    return f"""
SELECT user_id, CASE WHEN user_id IS NULL THEN anonymous_id END AS anonymous_id, count(*) AS events
FROM {segments} GROUP BY ALL"""


def known_query(ids: str, words: str, not_counted: str, identity: str = "identity") -> str:
    """Every known person once: who has an event that counts, by the tables that `resolve_identities` makes.

    `ids` are rows of `ids_query`, `not_counted` a table of message ids among `words`. A device that several people
    share makes nobody known: each of them has been identified on it.
    """
    return f"""
WITH bare AS (
  SELECT user_id, CASE WHEN user_id IS NULL THEN anonymous_id END AS anonymous_id, -count(*) AS events
  FROM {words} WHERE message_id IN (SELECT message_id FROM {not_counted}) GROUP BY ALL
), borne AS (
  SELECT user_id, anonymous_id FROM (FROM {ids} UNION ALL FROM bare)
  GROUP BY user_id, anonymous_id HAVING sum(events) > 0
), owners AS (
  SELECT anonymous_id, min(person_id) AS person_id FROM {identity}_devices GROUP BY anonymous_id HAVING count(*) = 1
)
SELECT DISTINCT coalesce(u.person_id, b.user_id, d.person_id) AS person_id
FROM borne b LEFT JOIN {identity}_people u ON u.id = b.user_id
LEFT JOIN owners d ON d.anonymous_id = b.anonymous_id
WHERE coalesce(u.person_id, b.user_id, d.person_id) NOT LIKE '{ANONYMOUS_PREFIX}%'"""


def unknown_sharers_query(known: str, identity: str = "identity") -> str:
    """How many people share a device and are not `known`: whether they are depends on when its events were."""
    return f"SELECT count(*) FROM {identity}_devices WHERE person_id NOT IN (SELECT person_id FROM {known})"
