"""Decision values: revenue, margin, expected value and credit of every decision, as a file for one's own analysis."""

from datetime import datetime
from pathlib import Path

from tailorbird.pipeline.lifetime import customers_to_come
from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.attribution.touches_sql import compile_decision_credit
from tailorbird.stages.measurement.decision_values_sql import compile_decision_values


def write_decision_values(warehouse: Warehouse, until: datetime, path: Path) -> int:
    """Write the file (Parquet, CSV or JSON lines by suffix); how many decisions are in it.

    To be called after `observe`, whose tables it reads. No person's id is in it.
    """
    people, model = customers_to_come(warehouse, until)
    known = dict(zip(people, model.money.tolist(), strict=True)) if not model.why else {}
    warehouse.load(
        "lifetimes",
        {"person_id": list(known) or [""], "expected": list(known.values()) or [0.0]},
    )
    return warehouse.write(compile_decision_values(compile_decision_credit()), path)
