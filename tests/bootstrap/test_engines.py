"""Engines by name."""

import pytest

from tailorbird.bootstrap import ENGINES, engine_url, open_engine_warehouse


def test_an_engine_is_where_it_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TAILORBIRD_SPARK", raising=False)
    assert engine_url("spark") == "local[2]"
    monkeypatch.setenv("TAILORBIRD_SPARK", "local[8]")
    assert engine_url("spark") == "local[8]"
    assert engine_url("spark", "local[1]") == "local[1]"
    assert engine_url("postgres", "postgresql+psycopg://db/x") == "postgresql://db/x"


def test_duckdb_needs_no_place() -> None:
    assert open_engine_warehouse("duckdb").rows("SELECT 1") == [(1,)]
    assert ENGINES[0] == "duckdb"
