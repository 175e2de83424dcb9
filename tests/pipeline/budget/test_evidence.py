"""What a campaign's past says of tiers: a planted difference between people is found, and used."""

from types import SimpleNamespace

import numpy as np
import pytest

from tailorbird.pipeline.budget import evidence
from tailorbird.pipeline.budget.evidence import _by_cell, _judge, _outcomes, _Past, _usual, drawn_together
from tailorbird.stages.uplift.regressors import fit_ridge
from tailorbird.types.tier_spec import TIERS


def test_people_who_differ_get_different_tiers(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    n = 6000
    loyal = rng.random(n) < 0.5
    tier = rng.choice([0, 1, 2], n)
    money = np.where(loyal, tier * 2.0, 1.0 - tier) + rng.normal(0, 1, n)
    people = [(f"p{at}", None) for at in range(n)]
    table = SimpleNamespace(person_ids=[p for p, _ in reversed(people)], columns={"loyal": loyal[::-1].tolist()})
    monkeypatch.setattr(evidence, "features_then", lambda *_: table)
    past = _Past(people, tier.astype(np.int64), (money > 1).astype(float), money)
    outcomes = _outcomes(past, {"none": 0.0, "template": 0.01, "small": 0.02})
    assert [one.tier for one in outcomes] == list(TIERS[:3])
    verdict, design = _judge(None, None, past, outcomes, fit_ridge, 7)  # type: ignore[arg-type]
    assert verdict.personalise
    gains = verdict.gains(design.matrix({"loyal": [True, False]}))
    assert gains.argmax(axis=1).tolist() == [2, 0]


def rows(step: str, converted: int, **people: int) -> list[tuple[object, ...]]:
    return [
        (f"{step} {tier} {n}", None, tier, n < converted, 1.0, step)
        for tier, count in people.items()
        for n in range(count)
    ]


def test_tiers_of_different_steps_are_no_random_comparison() -> None:
    spring, summer = rows("spring", 120, none=150, template=150), rows("summer", 120, none=200, small=200)
    assert drawn_together([*spring, *summer]) == summer
    more = rows("autumn", 120, none=150, template=150)
    assert drawn_together([*spring, *summer, *more]) == [*spring, *more]


def test_the_step_that_drew_between_most_tiers_tells_once_enough_people_bought() -> None:
    before, tried = rows("1", 120, none=400, small=400), rows("2", 120, none=150, template=150, small=150)
    assert drawn_together([*before, *tried]) == tried
    few = rows("2", 10, none=150, template=150, small=150)
    assert drawn_together([*before, *few]) == before
    assert drawn_together([]) == []


def test_the_tier_of_a_step_is_what_it_showed() -> None:
    def run(step: str, tiers: dict[str, object], rungs: dict[str, object]) -> dict[str, object]:
        return {"step": step, "steps": {"briefs": {"tiers": tiers}, "stitch": {"rungs": rungs}}}

    runs = [
        run("1", {}, {"subject": {"approved": 5}}),
        run("2", {}, {"subject": {"approved": 5, "model": 1}}),
        run("3", {"mode": "alike", "alike": "large"}, {}),
        run("4", {"mode": "by_cell", "alike": "small"}, {}),
        run("5", {"mode": "alike", "alike": "small", "budget_is_short": True}, {}),
    ]
    assert _usual(runs[:3]) == {"1": "template", "2": "small", "3": "large"}
    assert _by_cell(runs) == ["4", "5"]
