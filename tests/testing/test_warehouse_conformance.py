"""The warehouse suite itself: it must fail a warehouse that is wrong."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.testing.warehouse_conformance import check_uneven_columns_are_refused, check_values_survive_loading


class ForgetsGaps(DuckdbWarehouse):
    def load(self, name: str, columns: Mapping[str, Sequence[Any]]) -> None:
        super().load(name, {key: [0 if value is None else value for value in v] for key, v in columns.items()})


class TakesAnything(DuckdbWarehouse):
    def load(self, name: str, columns: Mapping[str, Sequence[Any]]) -> None:
        return


def test_a_warehouse_that_turns_gaps_into_zeros_fails(tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        check_values_survive_loading(ForgetsGaps, tmp_path)


def test_a_warehouse_that_takes_uneven_columns_fails(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="should fail"):
        check_uneven_columns_are_refused(TakesAnything, tmp_path)
