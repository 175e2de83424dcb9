"""Features by several engines, compared."""

import os
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.pipeline.compare_engines import (
    Values,
    compare_values,
    compute_by_fold,
    compute_on,
    own_stream,
    readable,
    same,
)
from tailorbird.ports.warehouse import Warehouse, WarehouseError
from tailorbird.testing.feature_stream import DEFINITIONS, make_stream

URL = os.environ.get("TAILORBIRD_POSTGRES", "postgresql://127.0.0.1:5432/test").replace("+psycopg", "")
ROWS = 400
STREAM = make_stream(ROWS, 3)
EVENTS = readable(STREAM.events)


def on(warehouse: Warehouse) -> Values:
    return compute_on(warehouse, DEFINITIONS, EVENTS, STREAM.spine, "Europe/Berlin")


@pytest.fixture(scope="module")
def reference() -> Values:
    return on(DuckdbWarehouse(threads=1))


def differences(reference: Values, other: Values) -> list[str]:
    compared = compare_values(DEFINITIONS, STREAM.spine, {"duckdb": reference, "other": other})
    return [one.example for one in compared if one.different["other"]]


@pytest.mark.slow
def test_the_online_fold_gives_what_duckdb_gives(reference: Values) -> None:
    folded = compute_by_fold(DEFINITIONS, EVENTS, STREAM.spine, "Europe/Berlin")
    assert differences(reference, folded) == []
    assert set(reference) - set(folded) == {"tracked", "role"}


@pytest.mark.slow
def test_postgresql_gives_what_duckdb_gives(reference: Values) -> None:
    from tailorbird.adapters.engines.postgres import PostgresWarehouse

    try:
        warehouse = PostgresWarehouse(URL, DuckdbWarehouse(threads=1))
    except WarehouseError as error:
        if "postgres" in os.environ.get("TAILORBIRD_REQUIRE", "").split(","):
            raise
        pytest.skip(str(error))
    assert differences(reference, on(warehouse)) == []
    warehouse.close()


def _clickhouse() -> Warehouse:
    from tailorbird.adapters.engines.clickhouse import ClickhouseWarehouse

    return ClickhouseWarehouse("chdb://memory", DuckdbWarehouse(threads=1))


def _spark() -> Warehouse:
    from tailorbird.adapters.engines.spark import SparkWarehouse

    return SparkWarehouse("local[2]", DuckdbWarehouse(threads=1))


@pytest.mark.engines
@pytest.mark.parametrize("make", [_clickhouse, _spark])
def test_a_slow_engine_gives_what_duckdb_gives(make: Callable[[], Warehouse], reference: Values) -> None:
    assert differences(reference, on(make())) == []


def test_a_difference_is_counted_and_shown(reference: Values) -> None:
    wrong = {**reference, "bought": [reference["bought"][0] + 1, *reference["bought"][1:]]}
    (found,) = (
        one for one in compare_values(DEFINITIONS, STREAM.spine, {"duckdb": reference, "other": wrong}) if one.example
    )
    assert found.feature == "bought" and found.different == {"duckdb": 0, "other": 1} and found.rows == ROWS
    assert found.example.startswith("bought of ")


def test_equal_is_equal_in_type_too() -> None:
    assert same(1, 1) and same("1", "1") and same(None, None) and same(("a",), ("a",))
    assert not same(1, True) and not same(1, 1.0) and not same("1", 1) and not same(None, 0)


def test_what_some_engines_cannot_hold_is_told_alike_to_all() -> None:
    odd = ['{"a":"x\\u0000y","b":123456789012345678901}', '{"a":NaN}', '{"a":1}']
    held = readable({"properties": odd, "traits": ["{}"], "context": ["{}"]})
    assert held["properties"][0] == '{"a":"x\ufffdy","b":1.2345678901234568e20}'
    assert "NaN" not in held["properties"][1] and held["properties"][2] == '{"a":1}'


def test_own_events_are_asked_at_enough_moments() -> None:
    warehouse = DuckdbWarehouse(threads=1)
    day = datetime(2026, 6, 1, tzinfo=UTC).replace(tzinfo=None)
    columns = {name: ["x", "y"] for name in ("event", "type", "message_id", "properties", "traits", "context")}
    moments = {"timestamp": [day, day.replace(hour=9)], "received_at": [day, day]}
    warehouse.load("events", {"person_id": ["a", "b"], **moments, **columns})
    warehouse.load("people", {"person_id": ["b", "a"]})
    events, spine = own_stream(warehouse, 9)
    assert events["person_id"] == ["a", "b"]
    assert spine["person_id"] == ["a"] * 5 + ["b"] * 5 and len(set(spine["as_of"])) == 5
    assert max(spine["as_of"]) > day.replace(hour=9)
