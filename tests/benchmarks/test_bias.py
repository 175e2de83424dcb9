"""The benchmark of the bias audit."""

from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.test_schema import check


@pytest.mark.slow
def test_the_bias_benchmark_finds_what_is_planted_and_nothing_that_is_withheld(run: Any, tmp_path: Path) -> None:
    names = tmp_path / "names.csv"
    names.write_text("name,ethnicity\nEmily,a\nGreg,a\nLakisha,b\nJamal,b\n")
    arguments = ("--json", "--people", "600", "--runs", "10", "--audits", "2", "--data", str(names))
    metrics = check(run("bias", *arguments), "bias")
    assert metrics["power_offer_gap"]["value"] == 1.0
    assert metrics["withheld_differing"]["value"] == 0 and metrics["withheld_pairs"]["value"] > 200
    assert metrics["name_beyond_slot"]["value"] == 0 and metrics["name_pairs"]["value"] == 80
    assert 0 <= metrics["false_discoveries"]["value"] <= metrics["false_discoveries"]["high"] <= 1
