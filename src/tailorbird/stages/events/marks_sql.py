"""SQL that tells what counts: machine traffic and test traffic are marked, at read time, so that a mark can come late.

A click may look like a person's until the same hand follows the link that nobody sees. So nothing is decided for ever
when an event comes in: the log keeps the facts, and this query judges them anew each time.
"""

from collections.abc import Collection

from tailorbird.types.event import EVENT_COLUMNS
from tailorbird.types.machine import ALONE, BURST, DELIVERY, SAID, TRAP

DELIVERY_SECONDS = 5
"""Nobody has read a message this soon after it left: what opens it or follows its links is a scanner."""
PAUSE_SECONDS = 60
"""Clicks on one message with no longer pause between them are of one hand."""
BURST_SECONDS = 1
"""Nobody follows two different links of one message this close together."""
MAIL_EVENTS = _CLICK, _OPEN, _SENT = "Email Link Clicked", "Email Opened", "Email Sent"
_LETTER = (
    "coalesce(json_extract_string(e.properties, '$.message_id'), json_extract_string(e.properties, '$.decision_id'))"
)


def marked_query(events: str, test_people: Collection[str] = (), test_addresses: Collection[str] = ()) -> str:
    """Every row of relation `events` (EVENT_COLUMNS and person_id) with `machine`, a reason or NULL, and `test`.

    `test_people` are ids of users, devices or people, `test_addresses` e-mail addresses of people who are testers.
    """
    alone = ", ".join(_literal(reason) for reason in sorted(ALONE))
    return f"""
WITH touches AS (
  SELECT e.message_id AS id, {_LETTER} AS letter, e.event AS what, e."timestamp" AS happened_at,
         json_extract_string(e.properties, '$.link') AS link, {_said("e", own=True)} AS said
  FROM {events} e WHERE e.event IN ('{_CLICK}', '{_OPEN}', '{_SENT}')
),
sent AS (
  SELECT letter, min(happened_at) AS sent_at FROM touches WHERE what = '{_SENT}' GROUP BY letter
),
stepped AS (
  SELECT *, lag(happened_at) OVER one_letter AS before_at, lag(link) OVER one_letter AS before_link
  FROM touches WHERE what = '{_CLICK}' WINDOW one_letter AS (PARTITION BY letter ORDER BY happened_at, id)
),
paced AS (
  SELECT *, CASE WHEN happened_at <= before_at + INTERVAL {PAUSE_SECONDS} SECOND THEN 0 ELSE 1 END AS begins,
         happened_at <= before_at + INTERVAL {BURST_SECONDS} SECOND AND link <> before_link AS hurried
  FROM stepped
),
handed AS (
  SELECT *, sum(begins) OVER (PARTITION BY letter ORDER BY happened_at, id ROWS UNBOUNDED PRECEDING) AS hand FROM paced
),
hands AS (
  SELECT letter, min(happened_at) - INTERVAL {PAUSE_SECONDS} SECOND AS since,
         max(happened_at) + INTERVAL {PAUSE_SECONDS} SECOND AS until,
         coalesce(max(CASE WHEN said NOT IN ({alone}) THEN said END),
                  CASE WHEN bool_or(hurried) THEN '{BURST}' END) AS machine
  FROM handed GROUP BY letter, hand
),
marks AS (
  SELECT t.id, coalesce(max(t.said), max(h.machine),
      max(CASE WHEN t.happened_at <= s.sent_at + INTERVAL {DELIVERY_SECONDS} SECOND THEN '{DELIVERY}' END)) AS machine
  FROM touches t LEFT JOIN sent s ON s.letter = t.letter
  LEFT JOIN hands h ON h.letter = t.letter AND h.machine IS NOT NULL AND t.happened_at BETWEEN h.since AND h.until
  WHERE t.what <> '{_SENT}' GROUP BY t.id
)
SELECT {", ".join(f'e."{name}"' for name, _ in EVENT_COLUMNS)}, e.person_id,
  coalesce(m.machine, {_said("e", own=False)}) AS machine, {_test(events, test_people, test_addresses)} AS test
FROM {events} e LEFT JOIN marks m ON m.id = e.message_id"""


def counted_query(all_events: str = "all_events") -> str:
    """Of `marked_query`'s rows those that count, in columns of EVENT_COLUMNS and person_id."""
    columns = ", ".join(f'"{name}"' for name, _ in EVENT_COLUMNS)
    return f"SELECT {columns}, person_id FROM {all_events} WHERE machine IS NULL AND NOT test"


def not_counted_query(all_events: str = "all_events") -> str:
    """The message ids of `marked_query`'s rows that do not count."""
    return f"SELECT message_id FROM {all_events} WHERE machine IS NOT NULL OR test"


def _said(e: str, own: bool) -> str:
    """SQL of the reason that stands in the event; `own`: in one of ours, where the trap is known by its link too.

    What people say of consent counts whoever carries it, and so does what we say of a delivery.
    """
    given = f"json_extract_string({e}.context, '$.machine')"
    told = f"CASE {given} WHEN 'false' THEN NULL WHEN '' THEN NULL WHEN 'true' THEN '{SAID}' ELSE {given} END"
    if own:
        trap = (
            f"json_extract_string({e}.properties, '$.link') = 'trap' "
            f"OR json_extract_string({e}.properties, '$.machine') = 'true'"
        )
        return f"CASE WHEN {trap} THEN '{TRAP}' ELSE {told} END"
    marked = (
        f"{e}.type IN ('track', 'page', 'screen') AND contains({e}.context, '\"machine\"')"  # most are never parsed
    )
    spared = f"coalesce({e}.event, '') IN ('Consent Updated', 'Unsubscribed', '{_SENT}')"
    return f"CASE WHEN {marked} AND NOT {spared} THEN {told} END"


def _test(events: str, people: Collection[str], addresses: Collection[str]) -> str:
    flag = "json_extract_string(e.context, '$.test') = 'true'"
    tests = [f"(contains(e.context, '\"test\"') AND coalesce({flag}, FALSE))"]
    if people:
        listed = ", ".join(_literal(each) for each in sorted(people))
        tests += [f"coalesce(e.{column} IN ({listed}), FALSE)" for column in ("user_id", "anonymous_id", "person_id")]
    if addresses:
        listed = ", ".join(_literal(each.strip().lower()) for each in sorted(addresses))
        mail = "lower(trim(json_extract_string(i.traits, '$.email')))"
        tests.append(
            f"e.person_id IN (SELECT i.person_id FROM {events} i WHERE i.type = 'identify' AND {mail} IN ({listed}))"
        )
    return f"({' OR '.join(tests)})"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
