"""The SQL of the ledger."""

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.stages.consent.ledger_sql import ledger_query


def test_only_a_persons_words_on_consent_are_entries_the_oldest_first() -> None:
    warehouse = DuckdbWarehouse(threads=1)
    rows = [
        ("2", "track", "Consent Updated", "o'hara", '{"consents":{"p":false}}', "{}", 2),
        ("1", "identify", None, "o'hara", "{}", '{"consents":{"p":true}}', 1),
        ("3", "identify", None, "o'hara", "{}", '{"email":"x"}', 3),
        ("4", "track", "Consent Updated", "other", '{"consents":{"p":false}}', "{}", 4),
        ("5", "track", "Bought", "o'hara", '{"consents":{"p":false}}', "{}", 5),
    ]
    warehouse.run(
        "CREATE TEMP TABLE events (message_id VARCHAR, type VARCHAR, event VARCHAR, person_id VARCHAR, "
        "properties VARCHAR, traits VARCHAR, context VARCHAR, timestamp TIMESTAMP, received_at TIMESTAMP)"
    )
    for message_id, kind, event, person, properties, traits, day in rows:
        cells = [f"'{text.replace(chr(39), chr(39) * 2)}'" if text else "NULL" for text in
                 (message_id, kind, event, person, properties, traits)]  # fmt: skip
        moment = f"TIMESTAMP '2026-01-0{day}'"
        warehouse.run(f"INSERT INTO events VALUES ({', '.join(cells)}, '{{}}', {moment}, {moment})")
    found = warehouse.rows(ledger_query("o'hara"))
    assert [(row[0], row[4]) for row in found] == [("1", '{"consents":{"p":true}}'), ("2", '{"consents":{"p":false}}')]
