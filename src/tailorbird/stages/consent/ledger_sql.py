"""SQL of the consent ledger: every word on consent of one person, in the order in which it was said."""


def ledger_query(person_id: str, events: str = "events") -> str:
    """(message_id, timestamp, received_at, type, body, context) of a person's words, the oldest first; `body` and
    `context` are JSON objects as text. The ledger is the event log itself: nothing can differ from it."""
    quoted = "'" + person_id.replace("'", "''") + "'"
    return f"""
SELECT message_id, timestamp, received_at, type,
  CASE WHEN type = 'track' THEN properties ELSE traits END AS body, context
FROM {events}
WHERE person_id = {quoted} AND ((type = 'track' AND event = 'Consent Updated')
  OR (type = 'identify' AND json_extract(traits, '$.consents') IS NOT NULL))
ORDER BY timestamp, received_at, message_id"""
