"""Explaining audiences on the command line."""

from pathlib import Path
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.project.project import load_project


def test_a_persons_membership_is_explained_condition_by_condition(tailorbird: Any, ran_root: Path) -> None:
    treated = bootstrap.open_state(load_project(ran_root)).decisions.find("win_back", "1")[0].person_id
    words = ["audience", "explain", "lapsed", treated, ran_root, "--as-of", "2026-06-01"]
    said = tailorbird(*words, "--json").json
    assert said["included"] is True
    assert all(condition["held"] for condition in said["conditions"])
    assert said["description"].startswith("Ordered in the last 90 days")
    shown = tailorbird(*words).out
    assert f"{treated} is in lapsed" in shown
    assert "lapsed: Ordered in the last 90 days" in shown
    assert "\n       Whole days since the last order" in shown


@pytest.mark.slow
def test_an_unknown_person_or_audience_is_one_clear_error(tailorbird: Any, ran_root: Path) -> None:
    assert "no person 'nobody'" in tailorbird("audience", "explain", "lapsed", "nobody", ran_root).error
    assert "did you mean 'lapsed'" in tailorbird("audience", "explain", "lapsd", "nobody", ran_root).error
