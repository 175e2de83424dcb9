"""The plan: what a run would do, with nothing done."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tailorbird.pipeline.plan import plan_campaign


@pytest.fixture
def plan(keeper: Any, opened: Any) -> Any:
    """Plans the campaign of a folder in which nothing has run."""
    from tailorbird import bootstrap

    def run(**settings: Any) -> Any:
        project = keeper.project
        if settings:
            generator = replace(project.settings.generator, **settings)
            project = replace(project, settings=replace(project.settings, generator=generator))
        return plan_campaign(
            project, opened.campaign, opened.moment, keeper.log, bootstrap.open_warehouse(project),
            keeper.state.decisions, keeper.state.suppressions, keeper.state.ledger,
        )  # fmt: skip

    return run


pytestmark = pytest.mark.parametrize("keeper", ["filled"], indirect=True)


@pytest.mark.slow
def test_a_plan_counts_what_the_run_will_do_and_sends_nothing(plan: Any, keeper: Any, ran_root: Path) -> None:
    planned = plan()
    ran = type(keeper)(keeper.project, ran_root)
    assert len(planned.selection.treated) == len(ran.arm("treatment"))
    assert not (keeper.project.state_dir / "outbox").exists()
    assert keeper.state.ledger.runs() == []
    assert keeper.state.creatives.find() == []
    told = planned.as_dict()
    assert sum(subject["people"] for subject in told["subjects"]) == told["audience"]["treated"]
    assert told["model_calls"] < told["model_calls_if_written_per_person"] == 2 * told["audience"]["treated"]
    assert told["lines_max"] <= 24
    assert told["estimate_from"] == "the default model's measured speed"
    ran.log.close()


@pytest.mark.slow
def test_without_a_model_a_plan_calls_none(plan: Any) -> None:
    planned = plan(adapter="none")
    assert (planned.calls, planned.cost_micros, planned.seconds) == (0, 0, 0)


@pytest.mark.slow
def test_the_last_runs_own_speed_is_used_once_there_is_one(plan: Any, keeper: Any) -> None:
    keeper.state.ledger.begin("r_1", "win_back", "0", "2026-05-01")
    keeper.state.ledger.finish_step("r_1", "generate", {"model_calls": 10, "cpu_seconds": 20.0})
    planned = plan()
    assert planned.measured
    assert planned.seconds == planned.calls * 2.0


@pytest.mark.slow
def test_a_holdout_of_three_people_is_told_before_anything_is_sent(plan: Any) -> None:
    planned = plan()
    selection = planned.selection
    assert planned.thin_arms() == planned.as_dict()["thin_arms"] == {}
    thin = replace(selection, holdout=selection.holdout[:3], variants=["a"] * 7 + ["b"] * 300)
    assert replace(planned, selection=thin).thin_arms() == {"holdout": 3, "a": 7}
    assert replace(planned, selection=replace(selection, holdout=[])).thin_arms() == {}
