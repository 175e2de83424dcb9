"""PostgreSQL's words; that they answer rightly is asked in test_transpile."""

from tailorbird.stages.sql.transpile import transpile


def test_a_name_in_a_path_is_data_and_no_sql() -> None:
    said = transpile("""SELECT json_extract(a, '$."it''s"') AS x FROM t""", "postgres")
    assert "ARRAY['it''s']" in said


def test_rows_of_texts_are_ordered_as_a_whole() -> None:
    assert "ORDER BY ROW(" in transpile("SELECT max((a, b)) AS x FROM t", "postgres")


def test_every_subquery_has_a_name() -> None:
    assert '(SELECT 1 AS "a") AS "tb_q' in transpile("SELECT a FROM (SELECT 1 AS a)", "postgres")
