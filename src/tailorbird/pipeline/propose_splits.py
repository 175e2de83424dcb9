"""Proposals of splits from a campaign's past: who responded, by what was known of them when they were decided for."""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from msgspec import to_builtins

from tailorbird.pipeline.observe import NothingDecidedError, load_decisions
from tailorbird.pipeline.people import compute_features
from tailorbird.ports.decision_store import DecisionStore
from tailorbird.ports.warehouse import Warehouse
from tailorbird.project.project import Project
from tailorbird.stages.audiences.splits import leaf_audience, propose_splits
from tailorbird.stages.consent.effective import ConsentRules
from tailorbird.stages.measurement import outcomes_sql
from tailorbird.types.audience import AudienceRule
from tailorbird.types.campaign import Campaign
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.feature import FeatureTable
from tailorbird.types.split import SplitTree


class NoOutcomesError(TailorbirdError):
    """Nobody's window is over yet, so there is no past to learn from."""


class LeafExistsError(TailorbirdError):
    """A proposal would overwrite an audience."""


def propose_for_campaign(
    project: Project,
    campaign: Campaign,
    decisions: DecisionStore,
    warehouse: Warehouse,
    until: datetime,
    seed: int = 0,
    depth: int = 3,
) -> SplitTree:
    """The tree over everybody whose first decision's window was over at `until`; the response is the campaign's metric.

    Features are as of each decision, so that nothing is predicted by what it caused; what consent does not cover today
    is not used. `warehouse` holds the views. NothingDecidedError, NoOutcomesError: there is no past.
    """
    decided = [one for one in decisions.find(campaign.name) if one.held != "global"]
    if not decided:
        raise NothingDecidedError(f"campaign {campaign.name!r} has decided for nobody yet: run it first")
    load_decisions(warehouse, decided)
    warehouse.run(outcomes_sql.compile_outcomes(campaign.metric, until))
    rows = warehouse.rows(outcomes_sql.compile_responses())
    if not rows:
        days = campaign.metric.window_days
        raise NoOutcomesError(
            f"campaign {campaign.name!r}: nobody's {days} days were over at {until:%Y-%m-%d %H:%M} UTC; "
            "come back later, or give a later --until"
        )
    table = features_then(project, rows, warehouse)
    said = {person: (arm == "treatment", bool(converted)) for person, _, arm, converted in rows}
    treated, responded = zip(*(said[person] for person in table.person_ids), strict=True)
    return propose_splits(table, responded, treated, seed, depth)


def features_then(project: Project, rows: Sequence[tuple[Any, ...]], warehouse: Warehouse) -> FeatureTable:
    """The features of each row's person at the moment of the row, (person_id, decided_at, …); rows come in order of
    time."""
    settings = project.settings
    people: list[str] = []
    columns: dict[str, list[Any]] = {feature.name: [] for feature in project.features}
    withheld: dict[str, list[bool]] = {feature.name: [] for feature in project.features}
    until = rows[-1][1].replace(tzinfo=UTC)
    for moment, group in groupby(rows, key=lambda row: row[1]):
        wanted = {row[0] for row in group}
        then = moment.replace(tzinfo=UTC)
        table, _ = compute_features(
            warehouse, project.features, then, settings.timezone, ConsentRules(settings.consent)
        )
        kept = [row for row, person in enumerate(table.person_ids) if person in wanted]
        people += [table.person_ids[row] for row in kept]
        for name, values in table.columns.items():
            columns[name] += [values[row] for row in kept]
            marks = table.withheld.get(name)
            withheld[name] += [bool(marks[row]) if marks else False for row in kept]
    return FeatureTable(until, people, columns, {k: v for k, v in withheld.items() if any(v)})


def write_leaves(project: Project, campaign: Campaign, tree: SplitTree) -> list[Path]:
    """Write each leaf as audiences/NAME_1.yaml and so on, NAME being the campaign's audience; none for a tree of one.

    TailorbirdError: one of the files exists; nothing is written then.
    """
    from io import StringIO

    from ruamel.yaml import YAML

    leaves = list(tree.root.leaves())
    if len(leaves) < 2:
        return []
    base = project.audiences[campaign.audience]
    paths = [project.root / "audiences" / f"{base.name}_{number}.yaml" for number, _ in enumerate(leaves, 1)]
    if taken := [path for path in paths if path.exists()]:
        raise LeafExistsError(f"{taken[0]} exists; rename or remove it, then propose again")
    yaml = YAML()
    yaml.default_flow_style = None
    yaml.width = 120
    for path, leaf in zip(paths, leaves, strict=True):
        text = StringIO()
        yaml.dump(_as_written(leaf_audience(path.stem, base, leaf)), text)
        path.write_text(text.getvalue(), encoding="utf-8")
    return paths


def _as_written(rule: AudienceRule) -> dict[str, Any]:
    """The rule as a person would write it: what is empty is left out."""
    told = to_builtins(rule)
    groups = {
        group: [{key: value for key, value in condition.items() if value is not None} for condition in told[group]]
        for group in ("all", "any", "none")
        if told[group]
    }
    sql = {"sql": rule.sql} if rule.sql is not None else {}
    return {"name": rule.name, "description": rule.description, **sql, **groups}
