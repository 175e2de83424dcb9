"""Publishing what was learned, on a shop that has sent its win-back campaign and heard what came of it."""

import json
import shutil
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.cli.report import read
from tailorbird.cli.simulate import answer_messages, make_people
from tailorbird.cli.teach import sentences, teach
from tailorbird.cli.terminal import Quiet
from tailorbird.pipeline.learn import learn_policy
from tailorbird.pipeline.people import open_views
from tailorbird.pipeline.policies import read_learned
from tailorbird.project.project import Project, load_project
from tailorbird.stages.bandits.policy_state import PolicyStateError
from tailorbird.types.campaign import Campaign
from tailorbird.types.guardrail import GuardrailSpec
from tailorbird.types.policy_spec import PolicySpec

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Shop:
    """A project folder."""

    root: Path

    @property
    def project(self) -> Project:
        return load_project(self.root)

    @property
    def campaign(self) -> Campaign:
        return self.project.campaign("win_back")


@pytest.fixture(scope="module")
def answered(ran_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop after simulated people have answered."""
    root = tmp_path_factory.mktemp("answered") / "wren"
    shutil.copytree(ran_root, root)
    project = load_project(root)
    answer_messages(project, project.campaign("win_back"), make_people(project, 900, 7), "planted", Quiet())
    return root


@pytest.fixture
def ran(answered: Path, tmp_path: Path) -> Shop:
    """A copy of it."""
    shutil.copytree(answered, tmp_path / "ran")
    return Shop(tmp_path / "ran")


def test_the_next_run_reads_what_the_outcomes_said(ran: Shop) -> None:
    readout = read(ran.project, ran.campaign, None)
    said = teach(ran.project, ran.campaign, readout)
    state = bootstrap.open_state(ran.project)
    policy, lessons = read_learned(ran.campaign, state).policy(ran.campaign.policy)
    assert (said["previous"], said["changed"], said["version"]) == ("prior", True, policy.version)
    arms = json.loads(policy.state())["arms"]
    shown = {row.counts.key: row for row in readout.creatives}
    assert said["arms"] == len(arms) > 3 and set(arms) <= set(shown)
    for arm, (successes, exposures) in arms.items():
        assert 0 <= successes <= shown[arm].counts.exposures and exposures > 0
    assert lessons.arms_max >= 2


@pytest.mark.parametrize("bad", [{"format": 0}, {"state": "{}"}])
def test_a_report_mends_a_policy_that_cannot_be_read(ran: Shop, bad: dict[str, Any]) -> None:
    readout = read(ran.project, ran.campaign, None)
    sound = teach(ran.project, ran.campaign, readout)
    state = bootstrap.open_state(ran.project)
    stored = state.policies.read("win_back", "")
    assert stored is not None
    state.policies.replace(replace(stored, **bad))
    with pytest.raises(PolicyStateError):
        read_learned(ran.campaign, state).policy(ran.campaign.policy)
    said = teach(ran.project, ran.campaign, readout)
    assert (said["previous"], said["changed"], said["version"]) == ("", True, sound["version"])
    assert "could not be read" in sentences(said)[0]
    assert read_learned(ran.campaign, state).policy(ran.campaign.policy)[0].version == sound["version"]


def test_learning_twice_from_the_same_outcomes_changes_nothing(ran: Shop) -> None:
    readout = read(ran.project, ran.campaign, None)
    first = teach(ran.project, ran.campaign, readout)
    again = teach(ran.project, ran.campaign, readout)
    assert (again["changed"], again["version"], again["previous"]) == (False, first["version"], first["version"])


def test_clicks_are_learned_where_the_campaign_rewards_clicks(ran: Shop) -> None:
    readout = read(ran.project, ran.campaign, None)
    clicks = replace(ran.campaign, policy=replace(ran.campaign.policy, reward="click"))
    conversions, clicked = teach(ran.project, ran.campaign, readout), teach(ran.project, clicks, readout)
    assert clicked["reward"] == "click" and clicked["successes"] != conversions["successes"]


def test_a_blocked_readout_and_one_without_lines_teach_nothing(ran: Shop) -> None:
    readout = read(ran.project, ran.campaign, None)
    for other in (replace(readout, verdict="blocked"), replace(readout, creatives=())):
        said = teach(ran.project, ran.campaign, other)
        assert (said["changed"], said["version"], said["arms"]) == (False, "prior", 0)


@pytest.mark.parametrize("kind", ["fixed", "lola", "cohorts", "linear"])
def test_every_kind_learns_from_the_same_outcomes_and_is_opened_again(ran: Shop, kind: str) -> None:
    asked: dict[str, Any] = {"cohorts": {"cohort": "country"}, "linear": {"features": ("orders_90d", "spent_90d")}}
    campaign = replace(ran.campaign, policy=PolicySpec(kind=kind, **asked.get(kind, {})))
    said = teach(ran.project, campaign, read(ran.project, campaign, None))
    policy, _ = read_learned(campaign, bootstrap.open_state(ran.project)).policy(campaign.policy)
    assert policy.kind == kind and policy.version == said["version"]
    assert said["changed"] is (kind != "fixed")


def test_a_guardrail_of_the_campaign_watches_each_line(ran: Shop) -> None:
    guard = GuardrailSpec("unsubscribes", "Unsubscribed", margin=0.0)
    said = teach(ran.project, replace(ran.campaign, guardrails=(guard,)), read(ran.project, ran.campaign, None))
    assert isinstance(said["barred"], list) and len(said["barred"]) < said["arms"]


def test_what_is_expected_of_lines_is_kept_with_the_policy(ran: Shop) -> None:
    readout, state, warehouse = (
        read(ran.project, ran.campaign, None), bootstrap.open_state(ran.project), bootstrap.open_warehouse(ran.project),
    )  # fmt: skip
    log = bootstrap.open_log(ran.project)
    open_views(warehouse, log, ran.project.settings.identity, ran.project.settings.testers)
    log.close()
    now = readout.until + timedelta(days=1) if readout.until else None
    assert now is not None
    learn_policy(ran.project, ran.campaign, readout, state, warehouse, now, lambda ids: dict.fromkeys(ids, 0.07))
    _, lessons = read_learned(ran.campaign, state).policy(ran.campaign.policy)
    assert set(lessons.priors.values()) == {0.07}
