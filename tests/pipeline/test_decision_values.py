"""The file of decisions' values, of a shop that has run its campaign."""

import csv
from pathlib import Path

import pytest

from tailorbird.cli.report import read
from tailorbird.stages.measurement.decision_values_sql import VALUE_COLUMNS
from tests.conftest import Shop

pytestmark = pytest.mark.slow


def test_the_file_has_every_decision_and_no_persons_id(ran: Shop, tmp_path: Path) -> None:
    path = tmp_path / "values.csv"
    readout = read(ran.project, ran.campaign, None, decisions=path)
    with path.open() as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == VALUE_COLUMNS
    assert len(rows) == readout.treated.people + readout.holdout.people
    assert {row["arm"] for row in rows} == {"treatment", "holdout"}
    assert readout.lifetime is not None
    margin = sum(float(row["margin"]) for row in rows if row["arm"] == "treatment") / readout.treated.people
    assert margin == pytest.approx(readout.lifetime.arms[0].margin)
