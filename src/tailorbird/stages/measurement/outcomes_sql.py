"""SQL that turns events into outcomes, one row per decision.

Reads three relations: `decisions` (decision_id, step, person_id, arm, decided_at as UTC without zone, subject,
locale), `slates` (decision_id, block, creative_id, eligible; one row per chosen line) and `events` (the view of what
counts: no machine and no test traffic; `all_events` has that too). `compile_outcomes` makes table `outcomes`, which the
other statements read.

The experiment's answer is by intention to treat: everybody decided for counts in the arm drawn, whether or not a
message arrived or was clicked. Attribution to a click is told beside it and decides nothing.
"""

import re
from datetime import UTC, datetime

from tailorbird.types.metric import MetricSpec

OUTCOME_COLUMNS = (
    "arm",
    "exposed",
    "clicked",
    "unsubscribed",
    "conversion_day",
    "attributed",
    "refunded",
    "value",
    "open_window",
    "age_days",
)
"""Columns of `compile_outcome_rows`, in order. `conversion_day` is 1 for the first 24 hours, NULL for no conversion;
`age_days` counts the days since the decision, a day that has begun among them."""

AMOUNT_MAX = 1e12
"""What is more than this in an event is no amount of money: one such total would be all that a mean tells of."""

_PATH = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*")
_ORDER = "json_extract_string(properties, '$.order_id')"
_DECISION = "json_extract_string(properties, '$.decision_id')"


def quote(text: str) -> str:
    """A SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def timestamp(moment: datetime) -> str:
    """A SQL timestamp literal in UTC without zone; a naive moment counts as UTC."""
    utc = moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    return f"TIMESTAMP '{utc.isoformat(sep=' ', timespec='microseconds')}'"


def value_path(metric: MetricSpec) -> str:
    """The JSON path of the metric's money inside `properties`. Raises ValueError for what is no dotted path."""
    path = (metric.value or "total").removeprefix("properties.")
    if not _PATH.fullmatch(path):
        raise ValueError(f"metric.value must be a dotted path into the event's properties, not {path!r}")
    return f"$.{path}"


def amount_sql(path: str, properties: str = "properties") -> str:
    """The number at a JSON path; NULL where there is none, it is endless or no number, or beyond AMOUNT_MAX."""
    number = f"TRY_CAST(json_extract_string({properties}, {quote(path)}) AS DOUBLE)"
    return f"CASE WHEN abs({number}) <= {AMOUNT_MAX!r} THEN {number} END"


def compile_until() -> str:
    """The time of the last event: the moment a read-out speaks of when none is given."""
    return 'SELECT max("timestamp") FROM events'


def _touches(until: str) -> str:
    return f"""
human_clicks AS (
  SELECT {_DECISION} AS decision_id, min("timestamp") AS first_click
  FROM events WHERE event = 'Email Link Clicked' AND {_DECISION} IS NOT NULL AND "timestamp" <= {until}
  GROUP BY 1
),
touches AS (
  SELECT {_DECISION} AS decision_id,
         max(CASE WHEN event = 'Email Sent' THEN 1 ELSE 0 END) AS exposed,
         max(CASE WHEN event = 'Email Sent' THEN json_extract_string(properties, '$.lines') END) AS lines,
         max(CASE WHEN event = 'Unsubscribed' THEN 1 ELSE 0 END) AS unsubscribed
  FROM events
  WHERE event IN ('Email Sent', 'Unsubscribed') AND {_DECISION} IS NOT NULL AND "timestamp" <= {until}
  GROUP BY 1
)"""


def _acts(metric: MetricSpec, until: str) -> str:
    """What people did in the window. An order that a browser and a server both told of is one order, a refund of an
    order from before the decision is none of this decision's, and a negative total is an order without money."""
    value = amount_sql(value_path(metric), "e.properties")
    return f"""
named AS (
  SELECT person_id, event, "timestamp", properties,
         coalesce({_ORDER}, 'event ' || message_id) AS order_key,
         row_number() OVER (PARTITION BY person_id, event, coalesce({_ORDER}, 'event ' || message_id)
                            ORDER BY "timestamp", message_id) AS copy
  FROM events WHERE event IN ({quote(metric.event)}, 'Order Refunded') AND "timestamp" <= {until}
),
told AS (
  SELECT n.*, min(CASE WHEN event = {quote(metric.event)} THEN "timestamp" END)
              OVER (PARTITION BY person_id, order_key) AS ordered_at
  FROM named n WHERE copy = 1
),
acts AS (
  SELECT d.decision_id, e.event, e."timestamp" AS happened_at, greatest(coalesce({value}, 0), 0) AS value
  FROM decisions d
  JOIN told e
    ON e.person_id = d.person_id
   AND e."timestamp" > d.decided_at
   AND (e.event = {quote(metric.event)} OR e.ordered_at IS NULL OR e.ordered_at > d.decided_at)
   AND e."timestamp" <= d.decided_at + INTERVAL {int(metric.window_days)} DAY
),
results AS (
  SELECT decision_id,
         min(CASE WHEN event = {quote(metric.event)} THEN happened_at END) AS converted_at,
         max(CASE WHEN event = {quote(metric.event)} THEN happened_at END) AS last_at,
         sum(CASE WHEN event = {quote(metric.event)} THEN value ELSE 0 END) AS value,
         max(CASE WHEN event = 'Order Refunded' THEN 1 ELSE 0 END) AS refunded
  FROM acts GROUP BY 1
)"""


def compile_outcomes(metric: MetricSpec, until: datetime) -> str:
    """A statement that makes table `outcomes`: one row per decision, with what followed up to `until`.

    A conversion is a metric event after the decision, at most `window_days` later. It is `attributed` where a metric
    event follows a human click on this decision's message in the same window. `converted_first` is one that came
    before the person's next decision, so that no order is credited to the lines of two steps; `lines` is what the
    message really showed, as JSON. `first` marks the person's first decision of the campaign, the only one that the
    comparison counts.
    """
    end = timestamp(until)
    days = int(metric.window_days)
    clicked = f"c.first_click <= d.decided_at + INTERVAL {days} DAY"
    in_turn = "PARTITION BY d.person_id ORDER BY d.decided_at, d.decision_id"
    return f"""CREATE OR REPLACE TEMP TABLE outcomes AS
WITH {_touches(end).strip()}, {_acts(metric, end).strip()}
SELECT d.decision_id, d.step, d.person_id, d.arm, d.subject, d.locale, t.lines,
       coalesce(t.exposed, 0) AS exposed,
       CASE WHEN {clicked} THEN 1 ELSE 0 END AS clicked,
       coalesce(t.unsubscribed, 0) AS unsubscribed,
       CASE WHEN r.converted_at <= coalesce(lead(d.decided_at) OVER ({in_turn}), r.converted_at)
            THEN 1 ELSE 0 END AS converted_first,
       CASE WHEN r.converted_at IS NOT NULL
            THEN greatest(1, CAST(ceil(date_diff('second', d.decided_at, r.converted_at) / 86400.0) AS INTEGER)) END
         AS conversion_day,
       CASE WHEN {clicked} AND r.last_at > c.first_click THEN 1 ELSE 0 END AS attributed,
       coalesce(r.refunded, 0) AS refunded,
       coalesce(r.value, 0) AS value,
       CASE WHEN d.decided_at + INTERVAL {days} DAY > {end} THEN 1 ELSE 0 END AS open_window,
       greatest(0, CAST(ceil(date_diff('second', d.decided_at, {end}) / 86400.0) AS INTEGER)) AS age_days,
       CASE WHEN row_number() OVER ({in_turn}) = 1 THEN 1 ELSE 0 END AS first
FROM decisions d
LEFT JOIN touches t ON t.decision_id = d.decision_id
LEFT JOIN human_clicks c ON c.decision_id = d.decision_id
LEFT JOIN results r ON r.decision_id = d.decision_id"""


def compile_outcome_rows() -> str:
    """One row per person in the columns of `OUTCOME_COLUMNS`, by decision id: what followed the first decision.

    People are the unit: with several steps, each person counts once, from the moment the campaign first drew an arm.
    """
    return f"SELECT {', '.join(OUTCOME_COLUMNS)} FROM outcomes WHERE first = 1 ORDER BY decision_id"


def compile_responses() -> str:
    """(person_id, decided_at, arm, whether a conversion followed in the window) of everybody whose window is over."""
    return """SELECT o.person_id, d.decided_at, o.arm, o.conversion_day IS NOT NULL FROM outcomes o
JOIN decisions d ON d.decision_id = o.decision_id WHERE o.first = 1 AND o.open_window = 0
ORDER BY d.decided_at, o.person_id"""


def compile_line_counts(all_exposed: bool = False) -> str:
    """Per (block, creative_id, step, subject, locale, competing lines): treated, exposed people, clicks, conversions.

    The competing lines are told by their arm set, or by how many they were. Only lines that were really shown count:
    one that was replaced while the message was built taught nothing.
    `all_exposed` counts every treated decision as exposed: for channels that report no sends.
    """
    seen = "TRUE" if all_exposed else "o.exposed = 1"
    shown = "json_extract_string(o.lines, '$.\"' || s.block || '\"')"
    return f"""SELECT s.block, s.creative_id, o.step, o.subject, o.locale,
       coalesce(nullif(s.among, ''), CAST(s.eligible AS VARCHAR)),
       count(*), sum(o.clicked), sum(o.converted_first)
FROM (SELECT DISTINCT decision_id, block, creative_id, eligible, among FROM slates) s
JOIN outcomes o ON o.decision_id = s.decision_id
WHERE o.arm = 'treatment' AND {seen} AND (o.lines IS NULL OR {shown} = s.creative_id)
GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6"""


def compile_machine_clicks() -> str:
    """How many clicks on the decisions' messages are a machine's, and left out."""
    return f"""SELECT count(*) FROM all_events
WHERE event = 'Email Link Clicked' AND machine IS NOT NULL
  AND {_DECISION} IN (SELECT decision_id FROM decisions)"""
