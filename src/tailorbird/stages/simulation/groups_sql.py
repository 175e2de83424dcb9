"""SQL that puts people into groups by what they did before: how often the metric's event happened, and how long ago."""

from tailorbird.types.metric import MetricSpec

GROUPS = 10
"""Group 0 has no such event in the year before; the others are 1 + 3 x (once, two or three times, more) + (in the last
30 days, 90 days, earlier)."""


def _quote(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def compile_groups(people: str, metric: MetricSpec) -> str:
    """(key, group number) of every row of relation `people` (key, person_id, at as UTC without zone).

    Only what happened in the 365 days up to `at` counts: a group is known before the campaign's decision.
    """
    return f"""SELECT key,
  CASE WHEN n = 0 THEN 0
       ELSE 1 + 3 * (CASE WHEN n = 1 THEN 0 WHEN n <= 3 THEN 1 ELSE 2 END)
              + (CASE WHEN days <= 30 THEN 0 WHEN days <= 90 THEN 1 ELSE 2 END) END AS people_group
FROM (SELECT p.key, count(e.message_id) AS n, date_diff('day', max(e."timestamp"), p.at) AS days
      FROM {people} p LEFT JOIN events e ON e.person_id = p.person_id AND e.event = {_quote(metric.event)}
        AND e."timestamp" <= p.at AND e."timestamp" > p.at - INTERVAL 365 DAY
      GROUP BY p.key, p.at) AS counted"""


def compile_group_outcomes(groups: str) -> str:
    """(arm, group, people, converted people) of decisions whose window is over; `groups` is a relation (key, group).

    Reads table `outcomes` as `measurement` makes it, the first decision of each person only.
    """
    return f"""SELECT o.arm, g.people_group, count(*), sum(CASE WHEN o.conversion_day IS NOT NULL THEN 1 ELSE 0 END)
FROM outcomes o JOIN {groups} g ON g.key = o.decision_id
WHERE o.first = 1 AND o.open_window = 0 GROUP BY 1, 2 ORDER BY 1, 2"""
