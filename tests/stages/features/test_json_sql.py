"""SQL of values inside JSON: what is there, what is null, and names with quotes."""

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.stages.features.json_sql import json_sql, list_sql, literal, path_sql, present_sql, quoted

WAREHOUSE = DuckdbWarehouse(threads=1)
DOC = literal("""{"a": null, "b": {"c": []}, "d": [1, {"e": 2}], "it's": NaN}""")


def test_null_is_not_present_and_everything_else_is() -> None:
    paths = ("a", "b", "b.c", "d", "it's", "x", "a.b", "d.0")
    found = ", ".join(present_sql(json_sql(DOC, path)) for path in paths)
    assert WAREHOUSE.rows(f"SELECT {found}") == [(False, True, True, True, True, False, False, False)]


def test_only_a_list_has_elements() -> None:
    lengths = ", ".join(f"len({list_sql(DOC, path)})" for path in ("d", "b.c", "b", "a", "x"))
    assert WAREHOUSE.rows(f"SELECT {lengths}") == [(2, 0, 0, 0, 0)]


def test_names_and_texts_with_quotes_stay_what_they_are() -> None:
    assert path_sql("a.it's") == '$."a"."it\'s"'
    odd = quoted('a"b')
    assert WAREHOUSE.rows(f"SELECT {odd} FROM (SELECT {literal(chr(39))} AS {odd})") == [("'",)]
    assert [literal(True), literal(False), literal(3), literal(1.5)] == ["TRUE", "FALSE", "3", "1.5"]
