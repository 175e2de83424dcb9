-- BG/NBD counts days, not purchases: two orders of one day are one.
SELECT
  person_id,
  as_of,
  count(DISTINCT CAST(timestamp AS DATE)) - 1 AS frequency,
  date_diff('day', CAST(min(timestamp) AS DATE), CAST(max(timestamp) AS DATE)) AS recency_days,
  date_diff('day', CAST(min(timestamp) AS DATE), CAST(as_of AS DATE)) - 1 AS age_days
FROM events
WHERE event = 'Order Completed'
GROUP BY person_id, as_of
