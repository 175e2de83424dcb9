"""Features computed in SQL for one person, from a few events."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.stages.features.compile import compile_features, decode_values
from tailorbird.types.feature import FeatureDefinition

Compute = Callable[[Sequence[FeatureDefinition], Sequence[dict[str, Any]], datetime], list[Any]]


@pytest.fixture(scope="session")
def compute() -> Compute:
    """(definitions, events, as_of) to the values of person `a`; an event gives only what is not the usual."""
    warehouse = DuckdbWarehouse(threads=1)
    usual = {"person_id": "a", "type": "track", "event": "Bought", "properties": {}, "traits": {}, "context": {}}

    def run(definitions: Sequence[FeatureDefinition], events: Sequence[dict[str, Any]], as_of: datetime) -> list[Any]:
        whole = [{**usual, "message_id": f"m{i}", **event} for i, event in enumerate(events)]
        columns = {
            name: [json.dumps(e[name]) if isinstance(e[name], dict) else e[name] for e in whole] for name in whole[0]
        }
        warehouse.load("events", columns)
        warehouse.load("spine", {"person_id": ["a"], "as_of": [as_of]})
        (row,) = warehouse.rows(compile_features(definitions, "Europe/London"))
        return [decode_values(d, [value])[0] for d, value in zip(definitions, row[2:], strict=True)]

    return run
