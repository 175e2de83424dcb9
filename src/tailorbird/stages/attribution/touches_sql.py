"""SQL of touches: what people met before they ordered, and what they met without ordering.

Reads `events` (no machine, no test), `decisions`, and `orders` as `rewards_sql.compile_orders` makes it. A touch is a
person's click on a message, the sending of one (where the window says so), or an event that bears the campaign
parameters of a link (Segment's `context.campaign`). It belongs to the person's first order after it, inside the window
of its kind; else to a path that ended without one. The same label within half an hour is one touch.
"""

from datetime import UTC, datetime

from tailorbird.types.attribution import AttributionSettings

SAME_TOUCH_SECONDS = 1800
START, ORDERED, NOTHING = "(start)", "(ordered)", "(nothing)"
"""Names of the chain's ends; no label begins with a bracket, for the brackets of labels are taken off."""


def _time(moment: datetime) -> str:
    return f"TIMESTAMP '{moment.astimezone(UTC).replace(tzinfo=None).isoformat(sep=' ', timespec='microseconds')}'"


def _said(column: str, path: str) -> str:
    return f"json_extract_string({column}, '$.{path}')"


def _label() -> str:
    """A mail's label is its campaign's name; another's, its source, medium and campaign."""
    other = " || ' / ' || ".join(
        f"coalesce(nullif({_said('context', 'campaign.' + part)}, ''), '-')" for part in ("source", "medium", "name")
    )
    return f"""CASE WHEN event IN ('Email Sent', 'Email Link Clicked')
              THEN coalesce(nullif({_said("properties", "campaign")}, ''), 'another message')
            WHEN lower(coalesce({_said("context", "campaign.medium")}, '')) = 'email'
              THEN coalesce(nullif({_said("context", "campaign.name")}, ''), 'another message')
            ELSE {other} END"""


def compile_touches(settings: AttributionSettings, since: datetime, until: datetime) -> str:
    """A statement that makes table `touches`: (path_id, person_id, label, decision_id, met_at, place, steps, ordered,
    value, margin), one row per touch from `since` to `until`, in the order of its path.

    `place` counts from 1 to `steps`, the length of the path; `value` and `margin` are the order's, after refunds.
    """
    start, end = _time(since), _time(until)
    sent = "" if settings.sent_days <= 0 else "OR event = 'Email Sent'"
    within = f"CASE WHEN sent THEN INTERVAL {settings.sent_days} DAY ELSE INTERVAL {settings.click_days} DAY END"
    return f"""CREATE OR REPLACE TEMP TABLE touches AS
WITH met AS (
  SELECT person_id, "timestamp" AS met_at, event = 'Email Sent' AS sent, ltrim({_label()}, '(') AS label,
         CASE WHEN event IN ('Email Sent', 'Email Link Clicked')
              THEN {_said("properties", "decision_id")} END AS decision_id
  FROM events
  WHERE person_id IS NOT NULL AND "timestamp" >= {start} AND "timestamp" <= {end}
    AND (event = 'Email Link Clicked' {sent}
         OR (event NOT IN ('Email Sent', 'Email Opened') AND {_said("context", "campaign.source")} IS NOT NULL))
),
apart AS (
  SELECT *, met_at - lag(met_at) OVER (PARTITION BY person_id, label ORDER BY met_at) AS since_same FROM met
),
kept AS (
  SELECT * FROM apart WHERE since_same IS NULL OR since_same > INTERVAL {SAME_TOUCH_SECONDS} SECOND
),
bought AS (SELECT person_id, order_key, ordered_at, value * kept AS value, margin * kept AS margin
           FROM orders WHERE kept > 0 AND ordered_at >= {start}),
led AS (
  SELECT k.*, o.order_key, o.value, o.margin
  FROM kept k ASOF LEFT JOIN bought o ON o.person_id = k.person_id AND o.ordered_at >= k.met_at
),
closed AS (
  SELECT l.*, l.order_key IS NOT NULL AND b.ordered_at <= l.met_at + {within} AS ordered
  FROM led l LEFT JOIN bought b ON b.person_id = l.person_id AND b.order_key = l.order_key
)
SELECT person_id || CASE WHEN ordered THEN ' ' || order_key ELSE '' END AS path_id, person_id, label, decision_id,
       met_at, row_number() OVER path AS place,
       count(*) OVER (PARTITION BY person_id, ordered, CASE WHEN ordered THEN order_key END) AS steps,
       ordered, CASE WHEN ordered THEN value ELSE 0 END AS value, CASE WHEN ordered THEN margin ELSE 0 END AS margin
FROM closed
WINDOW path AS (PARTITION BY person_id, ordered, CASE WHEN ordered THEN order_key END ORDER BY met_at, label)"""


def compile_orders_since(since: datetime) -> str:
    """(how many orders there were from `since`, after refunds)."""
    return f"SELECT count(*) FROM orders WHERE kept > 0 AND ordered_at >= {_time(since)}"


def compile_steps() -> str:
    """(from, to, times): the steps of all paths, as a chain from START to ORDERED or NOTHING."""
    return f"""WITH moves AS (
  SELECT label, place, steps, ordered,
         lead(label) OVER (PARTITION BY path_id, ordered ORDER BY place) AS following FROM touches
)
SELECT "from", "to", sum(times) FROM (
  SELECT '{START}' AS "from", label AS "to", count(*) AS times FROM moves WHERE place = 1 GROUP BY 1, 2
  UNION ALL
  SELECT label, coalesce(following, CASE WHEN ordered THEN '{ORDERED}' ELSE '{NOTHING}' END), count(*)
  FROM moves GROUP BY 1, 2
) GROUP BY 1, 2 ORDER BY 1, 2"""


def compile_sets() -> str:
    """(labels as a list, paths, orders): which labels came together, whatever their order."""
    return """SELECT labels, count(*), sum(CASE WHEN ordered THEN 1 ELSE 0 END) FROM (
  SELECT path_id, ordered, list_sort(list_distinct(list(label))) AS labels FROM touches GROUP BY 1, 2
) GROUP BY 1 ORDER BY 1"""


def _shared() -> str:
    """Every touch of a path with an order, and its share of it by each rule; needs table `label_weights`."""
    return """SELECT t.*, CASE WHEN t.place = t.steps THEN 1.0 ELSE 0.0 END AS last_share,
       w.removal / sum(w.removal) OVER path AS removal_share, w.shapley / sum(w.shapley) OVER path AS shapley_share
FROM touches t JOIN label_weights w ON w.label = t.label WHERE t.ordered
WINDOW path AS (PARTITION BY t.path_id)"""


def compile_credit() -> str:
    """(label, touches, orders by last touch, by removal, by Shapley, money by the first two, margin by them).

    Needs table `label_weights` (label, removal, shapley), all above 0.
    """
    return f"""WITH shared AS ({_shared()})
SELECT t.label, count(*), coalesce(sum(s.last_share), 0), coalesce(sum(s.removal_share), 0),
       coalesce(sum(s.shapley_share), 0),
       coalesce(sum(s.value * s.last_share), 0), coalesce(sum(s.value * s.removal_share), 0),
       coalesce(sum(s.margin * s.last_share), 0), coalesce(sum(s.margin * s.removal_share), 0)
FROM touches t LEFT JOIN shared s ON s.path_id = t.path_id AND s.place = t.place AND t.ordered
GROUP BY 1 ORDER BY 4 DESC, 1"""


def compile_decision_credit() -> str:
    """(decision_id, orders by last touch, by removal, margin by last touch, by removal) of decisions with credit."""
    return f"""SELECT decision_id, sum(last_share), sum(removal_share), sum(margin * last_share),
       sum(margin * removal_share)
FROM ({_shared()}) WHERE decision_id IS NOT NULL GROUP BY 1 ORDER BY 1"""
