"""The benchmark of online decisions, without its peer."""

import json
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow


def test_without_the_peer_ours_is_measured_and_that_is_said(run: Any, tmp_path: Path) -> None:
    found = json.loads(run("decisions", "--users", "300", "--peers", str(tmp_path), "--json"))
    names = {each["name"]: each for each in found["metrics"]}
    assert names["decisions_per_second"]["value"] > 1_000 and "ratio" not in names["decisions_per_second"]
    assert "not installed" in found["notes"][-1]
    assert "0 users outside it have an arm" in found["notes"][0]


def test_users_of_a_file_are_read(run: Any, tmp_path: Path) -> None:
    file = tmp_path / "users.csv"
    file.write_text("id,country,spent\na,DE,500\nb,FR,500\nc,DE,3\n")
    found = json.loads(run("decisions", "--data", str(file), "--peers", str(tmp_path), "--json"))
    assert found["rows"] == 3 and "1 users in the audience" in found["notes"][0]
