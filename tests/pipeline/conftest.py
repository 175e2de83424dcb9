"""The shop after its first run, opened once for the tests that only read it."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.cli.terminal import Quiet
from tailorbird.pipeline.catalog import load_catalog
from tailorbird.pipeline.decide import decide_treatment
from tailorbird.pipeline.people import open_views, read_profiles
from tailorbird.pipeline.plan_briefs import BriefPlan, plan_briefs
from tailorbird.pipeline.policies import Learned
from tailorbird.pipeline.recommend import Shown, choose_shown
from tailorbird.pipeline.run import StepResult, run_campaign
from tailorbird.pipeline.select_people import Selection, select_for_campaign
from tailorbird.pipeline.state import State
from tailorbird.ports.clock import Clock
from tailorbird.ports.sender import Sender, SenderError
from tailorbird.ports.warehouse import Warehouse
from tailorbird.project.project import Project, load_project
from tailorbird.stages.bandits.kinds import make_policy
from tailorbird.testing.sender import FailingSender
from tailorbird.types.campaign import Campaign
from tailorbird.types.creative import Creative
from tailorbird.types.decision import Decision
from tailorbird.types.item import Item
from tailorbird.types.profile import Profile

MOMENT = datetime(2026, 6, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Opened:
    """Everything that one may read of the shop; nobody may write to it."""

    project: Project
    campaign: Campaign
    warehouse: Warehouse
    items: Mapping[str, Item]
    state: State
    selection: Selection
    creatives: list[Creative]
    moment: datetime = MOMENT

    def select(self, state: State, campaign: Campaign | None = None) -> Selection:
        return select_for_campaign(
            self.project,
            campaign or self.campaign,
            MOMENT,
            self.warehouse,
            state.decisions,
            state.suppressions,
            self.items,
        )

    def show(self, rows: list[int], campaign: Campaign | None = None, selection: Selection | None = None) -> Shown:
        chosen = replace(selection or self.selection, treated=rows)
        return choose_shown(self.project, campaign or self.campaign, chosen, self.items, self.warehouse)

    def plan(self, shown: Shown) -> BriefPlan:
        return plan_briefs(self.project, self.campaign, self.selection, shown.heroes(), self.items)

    def decide(self, rows: list[int], shown: Shown, plan: BriefPlan) -> list[Decision]:
        chosen = replace(self.selection, treated=rows)
        return decide_treatment(
            self.project, self.campaign, chosen, shown, plan, self.items, self.creatives, Learned(make_policy)
        )


@pytest.fixture(scope="session")
def opened(ran_root: Path) -> Opened:
    project = load_project(ran_root)
    campaign = project.campaign("win_back")
    log, warehouse, state = (
        bootstrap.open_log(project),
        bootstrap.open_warehouse(project),
        bootstrap.open_state(project),
    )
    open_views(warehouse, log)
    log.close()
    items = load_catalog(warehouse, project.state_dir)
    selection = select_for_campaign(project, campaign, MOMENT, warehouse, state.decisions, state.suppressions, items)
    return Opened(project, campaign, warehouse, items, state, selection, state.creatives.find(campaign.name))


@pytest.fixture
def empty_state(opened: Opened, tmp_path: Path) -> State:
    """A state database of one's own, in which nothing has happened."""
    return bootstrap.open_state(replace(opened.project, root=tmp_path / "own"))


@pytest.fixture
def decision_of(opened: Opened) -> Callable[[str], Decision]:
    """The treated decisions of the first run, by a test on the person's consent to personalization."""

    def find(kind: str) -> Decision:
        consents = {p.person_id: p.consents.get("personalization") is True for p in opened.selection.profiles}
        names = {p.person_id: p.first_name for p in opened.selection.profiles}
        for decision in opened.state.decisions.find("win_back", "1"):
            if decision.arm == "treatment" and decision.locale == "en-GB":
                allowed = consents[decision.person_id]
                if (kind == "allowed" and allowed and names[decision.person_id]) or (
                    kind == "withheld" and not allowed
                ):
                    return decision
        raise AssertionError(f"nobody is {kind}")

    return find


class Shopkeeper:
    """Runs the campaign of a shop's folder with a sender of the test's own."""

    def __init__(self, project: Project, root: Path) -> None:
        self.project = replace(project, root=root)
        self.state = bootstrap.open_state(self.project)
        self.log = bootstrap.open_log(self.project)

    def run(
        self,
        sender: Sender | None = None,
        step: str = "1",
        moment: datetime = MOMENT,
        clock: Clock | None = None,
        state: State | None = None,
        campaign: Campaign | None = None,
        **changed: Any,
    ) -> list[StepResult]:
        """A replay of `moment`, or, with a `clock`, a run of its time."""
        campaign = replace(campaign or self.project.campaign("win_back"), step=step)
        own = sender or bootstrap.open_sender(self.project)
        return list(
            run_campaign(
                replace(self.project, **changed),
                campaign,
                moment,
                state or self.state,
                self.log,
                bootstrap.open_warehouse(self.project),
                lambda: None,
                own,
                clock or bootstrap.open_clock(),
                Quiet(),
                bootstrap.open_keys(self.project),
                bootstrap.open_validator(),
                replay=clock is None,
            )
        )

    def arm(self, name: str, step: str = "1") -> dict[str, Decision]:
        return {d.person_id: d for d in self.state.decisions.find("win_back", step) if d.arm == name}

    def profiles(self) -> list[Profile]:
        warehouse = bootstrap.open_warehouse(self.project)
        open_views(warehouse, self.log)
        return read_profiles(warehouse)

    def sent(self) -> Counter[str]:
        """How many 'Email Sent' events each person has."""
        warehouse = bootstrap.open_warehouse(self.project)
        warehouse.attach("segments", self.log.seal())
        rows = warehouse.rows("SELECT user_id, event FROM segments WHERE event = 'Email Sent'")
        return Counter(person for person, _ in rows)

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in (self.project.state_dir / "outbox").iterdir()}


@pytest.fixture(scope="session")
def stitched_root(opened: Opened, filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shop whose run stopped before the first message went out: everything is queued."""
    root = tmp_path_factory.mktemp("stitched") / "wren"
    shutil.copytree(filled, root)
    keeper = Shopkeeper(opened.project, root)
    with pytest.raises(SenderError):
        keeper.run(FailingSender(0))
    keeper.log.close()
    return root


@pytest.fixture
def keeper(opened: Opened, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Shopkeeper]:
    """A copy of the shop: parametrised with the fixture that holds the folder to copy, the stitched one by default."""
    shutil.copytree(request.getfixturevalue(getattr(request, "param", "stitched_root")), tmp_path / "kept")
    keeper = Shopkeeper(opened.project, tmp_path / "kept")
    yield keeper
    keeper.log.close()
