"""SQL of people's last words on each purpose and channel."""

from tailorbird.stages.events.conversions import to_utc
from tailorbird.types.reserved import SIGNAL_PREFIXES

WORD_FIELDS = ("consents", "expires_at", "evidence", "despite_gpc", "notice")
"""The properties of a `Consent Updated` that the query below reads."""


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
WITH {_parts(events, place)}), words AS (
  SELECT *, CASE WHEN NOT coalesce(CAST(value AS VARCHAR) = 'true', FALSE) THEN 'false' WHEN until IS NULL THEN 'true'
    ELSE coalesce('"' || strftime({until}, '%Y-%m-%dT%H:%M:%SZ') || '"', 'false') END AS word
  FROM parts
), timed AS (
  SELECT person_id, key, word, by_gpc, despite,
    (CASE WHEN word = 'false' THEN timestamp ELSE least(timestamp, received_at) END, received_at, place) AS said,
    CASE WHEN word = 'false' THEN 1 ELSE 0 END AS is_no,
    CASE WHEN left(word, 1) = '"' THEN -epoch({until}) ELSE -1e12 END AS haste
  FROM words
), standing AS (
  SELECT t.person_id, t.key FROM timed t JOIN (SELECT DISTINCT person_id, key FROM timed WHERE by_gpc) g
  ON g.person_id = t.person_id AND g.key = t.key
  WHERE NOT t.by_gpc GROUP BY t.person_id, t.key
  HAVING arg_max(t.despite AND t.word <> 'false', (t.said, t.is_no, t.haste))
), last_words AS MATERIALIZED (
  SELECT t.person_id, t.key, arg_max(t.word, (t.said, t.is_no, t.haste)) AS word, max(t.said) AS said
  FROM timed t LEFT JOIN standing s ON t.by_gpc AND s.person_id = t.person_id AND s.key = t.key
  WHERE s.key IS NULL GROUP BY t.person_id, t.key
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


def _parts(events: str, place: str) -> str:
    """SQL of the tables up to `parts`: each word on one purpose or channel, without those that are none.

    Words that were made of signals have ids of SIGNAL_PREFIXES. A string that a browser repeats is one choice, of the
    moment when it came first: else it would be a later word than what its person said meanwhile. A no by Global Privacy
    Control comes each day anew, and ends every other yes but one: the person's last own word where that has
    `despite_gpc` true and a `notice` with its version, because who was told of the conflict may say yes all the same.
    """
    prefixes = ", ".join(f"'{prefix}'" for prefix in SIGNAL_PREFIXES.values())
    prefix = "left(message_id, strpos(message_id, ':'))"
    signal, gpc = f"CASE WHEN {prefix} IN ({prefixes}) THEN {prefix} END", f"'{SIGNAL_PREFIXES['gpc']}'"
    despite = (
        "contains(properties, 'despite_gpc') AND CAST(json_extract(properties, '$.despite_gpc') AS VARCHAR) = 'true' "
        "AND json_extract_string(properties, '$.notice.version') <> ''"
    )
    pointer = "'/' || replace(replace(j.key, '~', '~0'), '/', '~1')"
    return f"""updates AS (
  SELECT *, {signal} AS signal, json_extract(properties, '$.consents') AS told
  FROM {events} WHERE type = 'track' AND event = 'Consent Updated'
), spoken AS (
  SELECT person_id, told, json_extract_string(properties, '$.expires_at') AS until, timestamp, received_at,
    {place} AS place, coalesce(signal = {gpc}, FALSE) AS by_gpc, coalesce({despite}, FALSE) AS despite, NULL AS before
  FROM updates WHERE coalesce(signal, {gpc}) = {gpc}
  UNION ALL
  SELECT person_id, told, NULL, timestamp, received_at, 0, FALSE, FALSE,
    CASE WHEN lag(evidence) OVER browser = evidence THEN lag(told) OVER browser END
  FROM (SELECT *, json_extract_string(properties, '$.evidence') AS evidence FROM updates WHERE signal <> {gpc})
  WINDOW browser AS (PARTITION BY person_id, signal, user_id, anonymous_id ORDER BY timestamp, received_at, message_id)
  UNION ALL
  SELECT person_id, json_extract(traits, '$.consents'), NULL, timestamp, received_at, {place}, FALSE, FALSE, NULL
  FROM {events} WHERE type = 'identify'
), whole AS (
  SELECT s.*, j.key, j.value, coalesce(json_type(j.value) = 'OBJECT', FALSE) AS by_channel
  FROM (SELECT * FROM spoken WHERE json_type(told) = 'OBJECT') s, json_each(s.told) j
  WHERE s.before IS NULL OR CAST(json_extract(s.before, {pointer}) AS VARCHAR) IS DISTINCT FROM CAST(j.value AS VARCHAR)
), parts AS (
  SELECT person_id, key, value, until, timestamp, received_at, place, by_gpc, despite FROM whole WHERE NOT by_channel
  UNION ALL
  SELECT person_id, w.key || ':' || c.key, c.value, until, timestamp, received_at, place, by_gpc, despite
  FROM (SELECT * FROM whole WHERE by_channel) w, json_each(w.value) c
"""
