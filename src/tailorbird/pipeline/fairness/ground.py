"""The ground of a bias audit: the campaign as a run would find it, and the people whose contexts personas get."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

import numpy as np

from tailorbird.pipeline.build_messages import MessageBuilder
from tailorbird.pipeline.check import check_catalog, check_project
from tailorbird.pipeline.exemplars import item_rows, wide_samples
from tailorbird.pipeline.facts import Facts
from tailorbird.pipeline.fairness.lines_aside import LinesAside
from tailorbird.pipeline.generate import fact_names
from tailorbird.pipeline.identities import read_identities
from tailorbird.pipeline.known_lines import register_lines
from tailorbird.pipeline.merged_state import merge_state
from tailorbird.pipeline.open_checks import make_builder
from tailorbird.pipeline.people import open_views
from tailorbird.pipeline.plan_briefs import BriefPlan, plan_briefs
from tailorbird.pipeline.policies import Learned, read_learned
from tailorbird.pipeline.recommend import choose_shown
from tailorbird.pipeline.run import still_known
from tailorbird.pipeline.select_people import Selection, select_for_campaign
from tailorbird.pipeline.state import State
from tailorbird.pipeline.stitch import Stitcher
from tailorbird.ports.event_log import EventLog
from tailorbird.ports.progress import Progress
from tailorbird.ports.warehouse import Warehouse
from tailorbird.project.project import Project
from tailorbird.types.campaign import Campaign
from tailorbird.types.creative import Creative
from tailorbird.types.item import Item


class RememberingWarehouse:
    """`rows` of a warehouse, each query asked once until something changes: every persona's world reads the same
    purchases."""

    def __init__(self, warehouse: Warehouse) -> None:
        self._warehouse = warehouse
        self._known: dict[str, list[tuple[Any, ...]]] = {}

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Run a query, or answer as before."""
        if sql not in self._known:
            self._known[sql] = self._warehouse.rows(sql)
        return self._known[sql]

    def __getattr__(self, name: str) -> Any:
        self._known.clear()  # whatever else is called may change a table
        return getattr(self._warehouse, name)


@dataclass(frozen=True)
class Ground:
    """Everything that stays the same while personas are swapped. `contexts` are rows of the selection, by person_id;
    `state` is merged, and its creatives are set aside. `learned` is what was learned of the lines."""

    project: Project
    campaign: Campaign
    as_of: datetime
    state: State
    warehouse: Warehouse
    items: Mapping[str, Item]
    selection: Selection
    plan: BriefPlan
    lines: Sequence[Creative]
    learned: Learned
    builder: MessageBuilder
    stitcher: Stitcher
    contexts: tuple[int, ...]

    @property
    def eligible(self) -> list[int]:
        """The rows of everybody whom the campaign step could write to: treated and held out."""
        return sorted((*self.selection.treated, *self.selection.holdout))


def open_grounds(
    project: Project,
    campaign: Campaign,
    as_of: datetime,
    state: State,
    log: EventLog,
    warehouse: Warehouse,
    keys: tuple[bytes, bytes],
    contexts: int,
    rng: np.random.Generator,
    progress: Progress,
) -> Ground:
    """Select people and plan briefs as a run would at `as_of`, and draw `contexts` of the eligible people by `rng`.

    Nothing is written: lines of the project's files that no run has registered yet are registered in memory. No model
    is asked; lines that one wrote earlier, and that are approved, take part as they do in a run.
    EmptyAudienceError: nobody could be written to.
    """
    check_project(project)
    progress.stage("audience")
    open_views(warehouse, log, project.settings.identity, project.settings.testers, often=False)
    state = merge_state(state, read_identities(warehouse))
    items = Facts(project, warehouse).items(as_of)
    check_catalog(project, items)
    selection = select_for_campaign(project, campaign, as_of, warehouse, state.decisions, state.suppressions, items)
    shown = choose_shown(project, campaign, selection, items, warehouse)
    plan = plan_briefs(project, campaign, selection, shown.heroes(), items)
    state = replace(state, creatives=LinesAside(state.creatives))
    facts = fact_names([], campaign.blocks)
    register_lines(
        campaign.name, project.brand, campaign.blocks, project.templates[campaign.template].lines,
        partial(wide_samples, items=items, facts=facts), state.creatives, partial(item_rows, items=items, facts=facts),
    )  # fmt: skip
    lines = still_known(project, campaign, state)
    builder = make_builder(project, campaign, state, items, keys)
    by_id = {line.creative_id: line for line in state.creatives.find(campaign.name)}
    rows = sorted((*selection.treated, *selection.holdout))
    drawn = rng.permutation(len(rows))[:contexts]
    return Ground(
        project, campaign, as_of, state, RememberingWarehouse(warehouse), items, selection, plan, lines,
        read_learned(campaign, state), builder, Stitcher(project, campaign, items, by_id, keys[0]),
        tuple(sorted(rows[at] for at in drawn.tolist())),
    )  # fmt: skip
