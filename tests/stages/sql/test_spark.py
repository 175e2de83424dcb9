"""Spark's words; that they answer rightly is asked in test_transpile."""

from tailorbird.stages.sql.transpile import transpile


def test_a_list_becomes_a_lateral_view_with_places_from_one() -> None:
    said = transpile("SELECT a, unnest(l) AS e, generate_subscripts(l, 1) AS p FROM t", "spark")
    assert "LATERAL VIEW POSEXPLODE(`l`)" in said and "`tb_place` + 1 AS `p`" in said


def test_an_end_of_text_is_no_end_of_line() -> None:
    assert r"'^a\\z'" in transpile("SELECT regexp_matches(x, '^a$') AS y FROM t", "spark")


def test_rows_without_a_value_do_not_count_for_the_latest() -> None:
    assert "FILTER (WHERE (`a`) IS NOT NULL)" in transpile("SELECT arg_max(a, b) AS x FROM t", "spark")
