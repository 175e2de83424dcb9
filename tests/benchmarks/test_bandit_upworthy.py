"""The benchmark of bandits on headlines, on a few simulated tests."""

import json
from typing import Any

import numpy as np
import pytest


def test_it_is_the_same_for_a_seed_and_names_every_gain(run: Any, load: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load("bandit_upworthy"), "TAUS", (5, 20))
    told = run("bandit_upworthy", "--simulate", "--tests", "20", "--json")
    names = {each["name"] for each in json.loads(told)["metrics"]}
    assert names >= {f"gain_over_{peer}_{tau}" for peer in ("ucb", "ec", "lola") for tau in (5, 20)}
    assert run("bandit_upworthy", "--simulate", "--tests", "20", "--json") == told


def test_a_rule_plays_only_headlines_that_there_are(load: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    module = load("bandit_upworthy")
    monkeypatch.setattr(module, "TAUS", (10,))
    rates = np.array([[0.2, 0.4, np.nan], [0.1, 0.1, 0.1]])
    tests = module.Tests(rates, np.where(np.isfinite(rates), 0.02, np.nan), np.full(2, 20.0))
    for rule in ("ucb", "ts", "lola", "ours"):
        told = module.play(rule, tests, np.random.default_rng(1))
        assert 0.2 - 1e-9 <= told[0, 0] <= 0.4 + 1e-9 and told[1, 0] == pytest.approx(0.1)


def test_a_file_that_is_not_there_is_one_sentence(run: Any) -> None:
    with pytest.raises(SystemExit):
        run("bandit_upworthy", "--data", "nowhere.parquet")
