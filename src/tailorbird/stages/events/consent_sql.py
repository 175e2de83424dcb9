"""SQL of people's last words on each purpose and channel."""

from tailorbird.stages.events.conversions import to_utc


def consent_words_query(events: str, place: str) -> str:
    """(person_id, consents) of everybody in view `events` who said something; `place` is SQL of an event's file row.

    `consents` is a JSON object as text: {purpose, or purpose:channel: true, false, or the moment until which a yes
    holds}. Words stand in `Consent Updated` and in the `consents` trait of identify: {purpose: yes or no}, or
    {purpose: {channel: yes or no}}, with `expires_at` beside them in `Consent Updated`. Only a JSON true is a yes, and
    only one whose `expires_at`, if there is one, can be read. The last word counts, by timestamp, then by receipt, then
    by the row of the imported file; where nothing tells which came last, no wins, then the yes that ends first. A yes
    that claims to be of the future counts as said when it came. A no to the whole purpose closes all its channels,
    whereas a yes to the whole opens none that was closed by name.
    """
    until = to_utc("trim(until)", "UTC")
    return f"""
WITH spoken AS (
  SELECT person_id, json_extract(properties, '$.consents') AS told,
    json_extract_string(properties, '$.expires_at') AS until, timestamp, received_at, {place} AS place
  FROM {events} WHERE type = 'track' AND event = 'Consent Updated'
  UNION ALL
  SELECT person_id, json_extract(traits, '$.consents'), NULL, timestamp, received_at, {place}
  FROM {events} WHERE type = 'identify'
), whole AS (
  SELECT s.*, j.key, j.value, coalesce(json_type(j.value) = 'OBJECT', FALSE) AS by_channel
  FROM (SELECT * FROM spoken WHERE json_type(told) = 'OBJECT') s, json_each(s.told) j
), parts AS (
  SELECT person_id, key, value, until, timestamp, received_at, place FROM whole WHERE NOT by_channel
  UNION ALL
  SELECT person_id, w.key || ':' || c.key, c.value, until, timestamp, received_at, place
  FROM (SELECT * FROM whole WHERE by_channel) w, json_each(w.value) c
), words AS (
  SELECT *, CASE WHEN NOT coalesce(CAST(value AS VARCHAR) = 'true', FALSE) THEN 'false' WHEN until IS NULL THEN 'true'
    ELSE coalesce('"' || strftime({until}, '%Y-%m-%dT%H:%M:%SZ') || '"', 'false') END AS word
  FROM parts
), timed AS (
  SELECT person_id, key, word,
    (CASE WHEN word = 'false' THEN timestamp ELSE least(timestamp, received_at) END, received_at, place) AS said,
    CASE WHEN word = 'false' THEN 1 ELSE 0 END AS is_no,
    CASE WHEN left(word, 1) = '"' THEN -epoch({until}) ELSE -1e12 END AS haste
  FROM words
), last_words AS MATERIALIZED (
  SELECT person_id, key, arg_max(word, (said, is_no, haste)) AS word, max(said) AS said
  FROM timed GROUP BY person_id, key
), kept AS (
  SELECT person_id, key, word FROM last_words WHERE NOT contains(key, ':')
  UNION ALL
  SELECT c.person_id, c.key, c.word FROM (SELECT * FROM last_words WHERE contains(key, ':')) c
  LEFT JOIN last_words w ON w.person_id = c.person_id AND w.key = split_part(c.key, ':', 1)
  WHERE NOT coalesce(w.word = 'false' AND w.said >= c.said, FALSE)
)
SELECT person_id,
  '{{' || string_agg(CAST(to_json(key) AS VARCHAR) || ':' || word, ',' ORDER BY key) || '}}' AS consents
FROM kept GROUP BY person_id"""
