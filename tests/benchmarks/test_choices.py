"""The benchmark of choices, in small and without its peers."""

import json
from pathlib import Path
from typing import Any

import pytest


@pytest.mark.slow
def test_it_prints_what_it_measured_and_what_was_left_out(run: Any, load: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load("choices"), "PEER_PYTHON", Path("nowhere/python"))
    found = json.loads(run("choices", "--people", "300", "--single", "40", "--rounds", "2", "--json"))
    names = {each["name"] for each in found["metrics"]}
    assert names >= {"choose_batch", "choose_batch_without_shares", "choose_single"}
    assert all(each["value"] > 0 for each in found["metrics"])
    assert any("make peers" in note for note in found["notes"])


def test_the_shares_it_times_are_whole(load: Any) -> None:
    policy, asked, uniforms = load("choices").policy_and_people(200, 1)
    found = policy.decide_many(asked, uniforms)
    assert abs(found.shares.sum(axis=1) - 1).max() < 1e-6 and (found.propensity > 0).all()
