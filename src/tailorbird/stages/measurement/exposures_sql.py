"""SQL for the exposure log: who was really shown something, apart from who was assigned to it.

Assignment is the table `decisions`; exposure is what happened afterwards: the channel's 'Email Sent', or, where an app
or a site shows a variant, Segment's 'Experiment Viewed' with `experiment_id` (the campaign) and `variation_id`. People
may be assigned and never exposed; the comparison counts by assignment all the same, and says how many were exposed.
"""

from datetime import datetime

from tailorbird.stages.measurement.outcomes_sql import quote, timestamp

EXPOSURE_COLUMNS = ("decision_id", "day", "channel", "early", "crossed")


def compile_exposures(campaign: str, until: datetime) -> str:
    """One row per decision that somebody was exposed to, in the columns of `EXPOSURE_COLUMNS`.

    `day` is the ISO day of the first exposure, in UTC; `early` is 1 where a clock puts it before the assignment, and
    `crossed` 1 where the person was shown a variant that is not theirs. Reads `decisions` (with variant) and `events`.
    """
    return f"""WITH shown AS (
  SELECT json_extract_string(properties, '$.decision_id') AS decision_id, "timestamp", 'email' AS channel, 0 AS crossed
  FROM events WHERE event = 'Email Sent' AND "timestamp" <= {timestamp(until)}
  UNION ALL
  SELECT d.decision_id, e."timestamp", coalesce(json_extract_string(e.properties, '$.channel'), 'app') AS channel,
         CASE WHEN coalesce(json_extract_string(e.properties, '$.variation_id'), d.variant) <> d.variant
              THEN 1 ELSE 0 END AS crossed
  FROM events e JOIN (
    SELECT decision_id, person_id, variant,
           row_number() OVER (PARTITION BY person_id ORDER BY decided_at, decision_id) AS place FROM decisions
  ) d ON d.person_id = e.person_id AND d.place = 1
  WHERE e.event = 'Experiment Viewed' AND e."timestamp" <= {timestamp(until)}
    AND json_extract_string(e.properties, '$.experiment_id') = {quote(campaign)}
)
SELECT s.decision_id, CAST(CAST(min(s."timestamp") AS DATE) AS VARCHAR), min_by(s.channel, s."timestamp"),
       max(CASE WHEN s."timestamp" < d.decided_at THEN 1 ELSE 0 END), max(s.crossed)
FROM shown s JOIN decisions d ON d.decision_id = s.decision_id
GROUP BY s.decision_id ORDER BY s.decision_id"""
