"""The splits of a campaign, held against what its runs meant: who is held out, in which variant, and really reached."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.measurement.exposures_sql import EXPOSURE_COLUMNS, compile_exposures
from tailorbird.stages.measurement.srm import SRM_ALPHA
from tailorbird.stages.measurement.srm_watch import check_split
from tailorbird.types.campaign import Campaign
from tailorbird.types.decision import Decision
from tailorbird.types.split_check import SplitCell, SplitCheck

ARMS = ("treatment", "holdout")


def read_exposures(campaign: Campaign, warehouse: Warehouse, until: datetime) -> dict[str, Mapping[str, Any]]:
    """{decision_id: day, channel, early, crossed} of what people were shown; the warehouse has `decisions`."""
    rows = warehouse.rows(compile_exposures(campaign.name, until))
    return {row[0]: dict(zip(EXPOSURE_COLUMNS, row, strict=True)) for row in rows}


def watch_split(
    campaign: Campaign,
    decided: Sequence[Decision],
    runs: Sequence[Mapping[str, Any]],
    exposures: Mapping[str, Mapping[str, Any]],
) -> tuple[SplitCheck, ...]:
    """The checks of the campaign's splits, on everybody's first decision.

    'arms' is treatment against holdout, 'variants' the treated by variant, both by the shares of the run that drew
    them; 'exposed' the people of each variant to whom something was sent, which forbids a read-out only where the
    experiment holds timing equal. What forbids shares one error budget. While steps still bring people in, the e-value
    watches; after a single step everybody is there, and the chi-square test has its one look.
    """
    experiment = campaign.experiment
    first = _first_decisions(decided, lambda one: True)
    finished = len({one.step for one in first}) == 1
    names = list(experiment.variants) if experiment else []
    shares = {run.get("step"): run.get("steps", {}).get("audience", {}) for run in runs}
    if not names:
        return (check_split("arms", ARMS, list(_arm_cells(campaign, first, shares)), finished),)
    timing = experiment is not None and "timing" in experiment.equal
    alpha = SRM_ALPHA / (3 if timing else 2)
    tried = _first_decisions(decided, lambda one: bool(one.variant))
    names += sorted({one.variant for one in tried} - set(names))
    plan = {step: _variant_shares(campaign, names, detail) for step, detail in shares.items()}
    default = _variant_shares(campaign, names, {})
    in_variants = [_cell(one, names.index(one.variant), plan.get(one.step, default), campaign) for one in tried]
    reached = [
        _cell(one, names.index(one.variant), plan.get(one.step, default), campaign, exposures[one.decision_id])
        for one in tried
        if one.decision_id in exposures
    ]
    return (
        check_split("arms", ARMS, list(_arm_cells(campaign, first, shares)), finished, alpha),
        check_split("variants", names, _added(in_variants), finished, alpha),
        check_split("exposed", names, _added(reached), finished, alpha, blocks=timing),
    )


def _first_decisions(decided: Sequence[Decision], counts: Any) -> list[Decision]:
    first: dict[str, Decision] = {}
    for one in sorted(decided, key=lambda one: (one.decided_at, one.decision_id)):
        if counts(one):
            first.setdefault(one.person_id, one)
    return list(first.values())


def _arm_cells(
    campaign: Campaign, first: Sequence[Decision], shares: Mapping[Any, Mapping[str, Any]]
) -> Iterator[SplitCell]:
    cells = []
    for one in first:
        held = shares.get(one.step, {}).get("holdout_share")
        held = campaign.holdout if held is None else float(held)
        cells.append(_cell(one, ARMS.index(one.arm), (1 - held, held), campaign))
    yield from _added(cells)


def _variant_shares(campaign: Campaign, names: Sequence[str], detail: Mapping[str, Any]) -> tuple[float, ...]:
    """What each variant was planned to have of the treated: as the run wrote down, else as the file says now."""
    planned = detail.get("shares")
    if planned is None and campaign.experiment is not None:
        planned = {name: spec.weight for name, spec in campaign.experiment.variants.items()}
    weights = [float((planned or {}).get(name, 0.0)) for name in names]
    return tuple(weight / sum(weights) for weight in weights)


def _cell(
    one: Decision,
    arm: int,
    shares: tuple[float, ...],
    campaign: Campaign,
    exposure: Mapping[str, Any] | None = None,
) -> SplitCell:
    values = {"locale": one.locale.split("-")[0], "channel": exposure["channel"] if exposure else campaign.channel}
    if one.stratum:
        values["stratum"] = one.stratum
    day = exposure["day"] if exposure else one.decided_at.astimezone(UTC).date().isoformat()
    return SplitCell(day, tuple(int(at == arm) for at in range(len(shares))), shares, values)


def _added(cells: Sequence[SplitCell]) -> list[SplitCell]:
    """Cells of single people, as cells of all who have everything but the arm in common."""
    totals: Counter[tuple[Any, ...]] = Counter()
    for cell in cells:
        key = (cell.day, cell.shares, tuple(sorted(cell.values.items())))
        totals[(*key, cell.counts.index(1))] += 1
    counts: dict[tuple[Any, ...], list[int]] = {}
    for (day, shares, values, arm), people in totals.items():
        counts.setdefault((day, shares, values), [0] * len(shares))[arm] += people
    return [SplitCell(day, tuple(found), shares, dict(values)) for (day, shares, values), found in counts.items()]
