"""The benchmark of sample ratio mismatch, on tests made for it."""

import json
from pathlib import Path
from typing import Any

import pytest

ROWS = (
    "off,201330,1000", "off,201330,1300", "sound,201330,1000", "sound,201330,1010", "clean,201410,500",
    "clean,201410,510", "alone,201410,7",
)  # fmt: skip


@pytest.mark.slow
def test_it_tells_faulty_weeks_from_sound_ones_and_leaves_single_packages_out(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "packages.csv"
    file.write_text("clickability_test_id,test_week,impressions\n" + "\n".join(ROWS) + "\n")
    told = run("srm_upworthy", "--data", str(file), "--json")
    found = json.loads(told)
    value = {each["name"]: each["value"] for each in found["metrics"]}
    assert found["rows"] == 6
    assert value["alarms_faulty"] == 0.5 and value["alarms_clean"] == 0
    assert value["false_alarms_chi_square"] <= 0.003
    assert run("srm_upworthy", "--data", str(file), "--json") == told


def test_a_file_that_is_not_there_is_one_sentence(run: Any, tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        run("srm_upworthy", "--data", str(tmp_path / "none.parquet"))
