from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.stages.events.stats_sql import COUNTS, counts_sql, totals_sql


def test_an_event_that_two_segments_hold_counts_once_and_a_missing_library_has_a_name() -> None:
    warehouse = DuckdbWarehouse()
    warehouse.load("log", {
        "message_id": ["1", "1", "2", "3"],
        "type": ["track", "track", "track", "identify"],
        "event": ["A", "A", "B", None],
        "context": ['{"library":{"name":"x"}}', '{"library":{"name":"x"}}', "{}", '{"library":"odd"}'],
        "received_at": [1, 1, 2, 3],
    })  # fmt: skip
    assert warehouse.rows(totals_sql("log")) == [(3, 1, 3)]
    assert warehouse.rows(counts_sql("log", "types")) == [("track", 2), ("identify", 1)]
    assert warehouse.rows(counts_sql("log", "events")) == [("A", 1), ("B", 1)]
    assert warehouse.rows(counts_sql("log", "clients")) == [("(none)", 2), ("x", 1)]
    assert set(COUNTS) == {"types", "events", "clients"}
