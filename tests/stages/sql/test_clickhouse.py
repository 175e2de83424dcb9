"""ClickHouse's words; that they answer rightly is asked in test_transpile."""

from tailorbird.stages.sql.transpile import transpile


def test_a_text_is_escaped_for_clickhouse() -> None:
    assert r"'a\\b\'c'" in transpile(r"SELECT 'a\b''c' AS x", "clickhouse")


def test_counts_have_a_sign_but_not_inside_a_window() -> None:
    assert "toInt64(COUNT(*))" in transpile("SELECT count(*) AS n FROM t", "clickhouse")
    assert "toInt64" not in transpile("SELECT count(*) OVER (PARTITION BY a) AS n FROM t", "clickhouse")


def test_an_alias_never_hides_a_table() -> None:
    said = transpile("WITH seen AS (SELECT a FROM events) SELECT events.a FROM seen AS events", "clickhouse")
    assert '"seen" AS "tb_events"' in said and '"tb_events"."a"' in said
