"""Audiences in SQL mean what the engine means by the same words."""

from datetime import UTC, datetime
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.audiences.audience_error import AudienceError
from tailorbird.stages.audiences.predicate import read_predicate
from tailorbird.stages.audiences.rules import cannot_be_judged, explain_membership, membership_test, select_people
from tailorbird.types.audience import AudienceRule
from tailorbird.types.feature import Features, FeatureTable

NOW = datetime(2026, 1, 1, tzinfo=UTC)
KINDS = {"n": "DOUBLE", "m": "DOUBLE", "t": "VARCHAR", "b": "BOOLEAN"}

numbers = st.recursive(
    st.one_of(st.sampled_from(["n", "m", "N"]), st.integers(0, 3).map(str), st.just("0.5")),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*"), inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
        st.tuples(inner, inner).map(lambda p: f"({p[0]} / nullif_zero({p[1]}))"),
        st.tuples(inner, inner).map(lambda p: f"coalesce({p[0]}, {p[1]})"),
        inner.map(lambda p: f"abs(-{p})"),
    ),
    max_leaves=4,
)
texts = st.sampled_from(["t", "'a'", "'B'", "lower(t)", "coalesce(t, 'a_c')", "'it''s'"])
comparisons = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
tests = st.one_of(
    st.tuples(numbers, comparisons, numbers).map(" ".join),
    st.tuples(texts, comparisons, texts).map(" ".join),
    st.tuples(numbers, numbers, numbers).map(lambda p: f"{p[0]} BETWEEN {p[1]} AND {p[2]}"),
    st.tuples(numbers, st.lists(st.one_of(numbers, st.just("NULL")), min_size=1, max_size=3)).map(
        lambda p: f"{p[0]} IN ({', '.join(p[1])})"
    ),
    st.sampled_from(["t LIKE 'a%'", "t ILIKE '_b'", "t NOT LIKE '%.c'", "t IN ('a', 'b')", "t NOT IN ('a', NULL)"]),
    st.sampled_from(
        [
            "b",
            "NOT b",
            "b = TRUE",
            "b IS TRUE",
            "b IS NOT FALSE",
            "n IS NULL",
            "(n > 1) IS NOT TRUE",
            "(t = 'a') IS NULL",
        ]
    ),
)
conditions = st.recursive(
    tests,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["AND", "OR"]), inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
        inner.map(lambda p: f"NOT ({p})"),
    ),
    max_leaves=5,
)
people = st.tuples(
    st.one_of(st.none(), st.sampled_from([0.0, 1.0, 2.5, -1.0])),
    st.one_of(st.none(), st.sampled_from([0.0, 1.0, 3.0])),
    st.one_of(st.none(), st.sampled_from(["a", "B", "aB", "a.c", "a\nc", "it's"])),
    st.one_of(st.none(), st.booleans()),
)


@pytest.fixture(scope="module")
def engine() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("CREATE MACRO nullif_zero(x) AS nullif(x, 0)")
    return connection


@pytest.mark.slow
@given(condition=conditions, rows=st.lists(people, min_size=1, max_size=4))
def test_a_condition_lets_in_whom_the_engine_lets_in(
    engine: duckdb.DuckDBPyConnection, condition: str, rows: list[tuple[Any, ...]]
) -> None:
    values = ", ".join("(" + ", ".join(f"CAST(? AS {kind})" for kind in KINDS.values()) + ")" for _ in rows)
    query = f"SELECT coalesce({condition}, FALSE) FROM (VALUES {values}) people({', '.join(KINDS)})"
    expected = [row[0] for row in engine.execute(query, [value for row in rows for value in row]).fetchall()]
    written = condition.replace("nullif_zero", "")
    columns = {name: [row[i] for row in rows] for i, name in enumerate(KINDS)}
    table = FeatureTable(NOW, [str(i) for i in range(len(rows))], columns)
    rule = AudienceRule("r", sql=written)
    assert select_people(rule, table) == expected
    singly = [explain_membership(rule, Features("p", NOW, dict(zip(KINDS, row, strict=True)))) for row in rows]
    assert [one.included for one in singly] == expected
    test = membership_test(rule, tuple(KINDS))
    assert [test(Features("p", NOW, dict(zip(KINDS, row, strict=True)))) for row in rows] == expected


def test_each_part_of_a_condition_is_explained_with_the_values_it_saw() -> None:
    rule = AudienceRule("r", sql="orders >= 2 AND (country = 'DE' OR vip) AND spent > 10")
    told = explain_membership(rule, Features("p", NOW, {"orders": 3, "country": "FR", "vip": None, "spent": 20}))
    assert not told.included
    assert told.reason == "country is FR, vip is missing, must be country = 'DE' OR vip"
    assert [(one["feature"], one["held"]) for one in told.conditions] == [
        ("orders", True),
        ("country, vip", False),
        ("spent", True),
    ]


def test_a_withheld_value_is_neither_let_in_nor_guessed() -> None:
    rule = AudienceRule("r", sql="x = 'a' OR y IS NULL")
    table = FeatureTable(NOW, ["p", "q"], {"x": ["a", "a"], "y": [None, None]}, {"y": [True, False]})
    assert cannot_be_judged(rule, table) == [True, False]
    assert select_people(rule, table) == [False, True]
    told = explain_membership(rule, Features("p", NOW, {"x": "a", "y": None}, withheld={"y": "no consent for ads"}))
    assert (told.included, told.reason) == (False, "withheld: y: no consent for ads")


def test_values_of_different_kinds_give_no_answer() -> None:
    table = FeatureTable(NOW, ["p", "q"], {"x": ["1", 1], "z": [float("nan"), 0.0]})
    assert select_people(AudienceRule("r", sql="x = 1"), table) == [False, True]
    assert select_people(AudienceRule("r", sql="x <> 1"), table) == [False, False]
    assert select_people(AudienceRule("r", sql="z = 0 OR 1 / z > 0"), table) == [False, True]


def test_a_condition_without_features_is_the_same_for_everybody() -> None:
    table = FeatureTable(NOW, ["p", "q"], {"x": [1, 2]})
    assert select_people(AudienceRule("r", sql="1 = 1"), table) == [True, True]
    assert select_people(AudienceRule("r", sql="FALSE"), table) == [False, False]


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("ordres > 1", "did you mean 'orders'"),
        ("SELECT person_id FROM events", "sql cannot say 'SELECT person_id FROM events'"),
        ("orders IN (SELECT 1)", "sql cannot say"),
        ("orders > 1; DROP TABLE x", "one condition"),
        ("orders >", "sql"),
        ("", "one condition"),
        ("orders BETWEEN SYMMETRIC 3 AND 1", "sql cannot say"),
        ("orders LIKE 'a' ESCAPE 'b'", "sql cannot say"),
        ("orders IS NOT DISTINCT FROM 1", "sql cannot say"),
        ("CAST(orders AS VARCHAR) = 'x'", "sql cannot say"),
        ("e.orders > 1", "names a table"),
        ("random() < 0.5", "sql cannot say"),
        ("(" * 4000 + "orders > 1" + ")" * 4000, "cannot be read"),
        ("orders > 1 OR " * 1000 + "orders > 2", "characters; at most"),
    ],
)
def test_what_is_no_condition_over_features_is_one_clear_error(sql: str, said: str) -> None:
    with pytest.raises(AudienceError) as caught:
        read_predicate("vip", sql, ("person_id_hash", "orders"))
    assert str(caught.value).startswith("audience 'vip': ")
    assert said in str(caught.value)
    assert len(str(caught.value)) < 600


def test_an_audience_has_either_sql_or_lists() -> None:
    from tailorbird.types.audience import Condition

    rule = AudienceRule("both", all=(Condition("x", at_least=1),), sql="x > 1")
    with pytest.raises(AudienceError, match="either sql or the lists"):
        select_people(rule, FeatureTable(NOW, ["p"], {"x": [1]}))
