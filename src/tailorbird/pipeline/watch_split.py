"""The splits of a campaign, held against what its runs meant: who is held out, in which variant, and really reached."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.measurement.exposures_sql import EXPOSURE_COLUMNS, compile_exposures
from tailorbird.stages.measurement.srm import SRM_ALPHA
from tailorbird.stages.measurement.srm_watch import check_split
from tailorbird.stages.measurement.verdict import count
from tailorbird.types.campaign import Campaign
from tailorbird.types.decision import Decision
from tailorbird.types.split_check import SplitCell, SplitCheck

ARMS = ("treatment", "holdout")


def read_exposures(campaign: Campaign, warehouse: Warehouse, until: datetime) -> dict[str, Mapping[str, Any]]:
    """{decision_id: day, channel, early, crossed} of what people were shown; the warehouse has `decisions`."""
    rows = warehouse.rows(compile_exposures(campaign.name, until))
    return {row[0]: dict(zip(EXPOSURE_COLUMNS, row, strict=True)) for row in rows}


def exposure_notes(exposures: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    """What is odd about the exposures, as sentences: none where nothing is."""
    early, crossed = (sum(int(one[name]) for one in exposures.values()) for name in ("early", "crossed"))
    notes = []
    if early:
        notes.append(
            f"{count(early, 'person was', 'people were')} shown something before they were assigned, by the clocks of "
            "what told it; they count by their assignment."
        )
    if crossed:
        notes.append(
            f"{count(crossed, 'person was', 'people were')} shown a variant that is not theirs; they count in the one "
            "they were assigned to, which makes the variants look more alike than they are."
        )
    return tuple(notes)


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
    first = _first_decisions(decided)
    finished = len({one.step for one in first}) == 1
    names = list(experiment.variants) if experiment else []
    audiences = {str(run.get("step")): run.get("steps", {}).get("audience", {}) for run in runs}

    def held_share(step: str) -> tuple[float, ...]:
        share = audiences.get(step, {}).get("holdout_share")
        share = campaign.holdout if share is None else float(share)
        return 1 - share, share

    arms = _cells(campaign, [(one, ARMS.index(one.arm), None) for one in first], held_share)
    if not names:
        return (check_split("arms", ARMS, arms, finished),)
    timing = experiment is not None and "timing" in experiment.equal
    alpha = SRM_ALPHA / (3 if timing else 2)
    tried = _first_decisions([one for one in decided if one.variant])
    names += sorted({one.variant for one in tried} - set(names))

    def variant_shares(step: str) -> tuple[float, ...]:
        return _variant_shares(campaign, names, audiences.get(step, {}))

    drawn = [(one, names.index(one.variant), None) for one in tried]
    reached = [(one, arm, exposures[one.decision_id]) for one, arm, _ in drawn if one.decision_id in exposures]
    return (
        check_split("arms", ARMS, arms, finished, alpha),
        check_split("variants", names, _cells(campaign, drawn, variant_shares), finished, alpha),
        check_split("exposed", names, _cells(campaign, reached, variant_shares), finished, alpha, blocks=timing),
    )


def _first_decisions(decided: Sequence[Decision]) -> list[Decision]:
    first: dict[str, Decision] = {}
    for one in sorted(decided, key=lambda one: (one.decided_at, one.decision_id)):
        first.setdefault(one.person_id, one)
    return list(first.values())


def _variant_shares(campaign: Campaign, names: Sequence[str], detail: Mapping[str, Any]) -> tuple[float, ...]:
    """What each variant was planned to have of the treated: as the run wrote down, else as the file says now."""
    planned = detail.get("shares")
    if planned is None and campaign.experiment is not None:
        planned = {name: spec.weight for name, spec in campaign.experiment.variants.items()}
    weights = [float((planned or {}).get(name, 0.0)) for name in names]
    return tuple(weight / sum(weights) for weight in weights)


def _cells(
    campaign: Campaign,
    people: Sequence[tuple[Decision, int, Mapping[str, Any] | None]],
    shares_of: Callable[[str], tuple[float, ...]],
) -> list[SplitCell]:
    """Cells of (decision, number of the arm, exposure): by the exposure's day and channel where there is one, else the
    decision's."""
    counted: Counter[tuple[str, str, str, str, str, int]] = Counter()
    for one, arm, seen in people:
        day = seen["day"] if seen else one.decided_at.astimezone(UTC).date().isoformat()
        channel = seen["channel"] if seen else campaign.channel
        counted[day, one.step, one.locale.split("-")[0], channel, one.stratum, arm] += 1
    counts: dict[tuple[str, ...], list[int]] = {}
    for (*key, arm), number in counted.items():
        shares = shares_of(key[1])
        counts.setdefault(tuple(key), [0] * len(shares))[arm] += number
    cells = []
    for (day, step, locale, channel, stratum), found in counts.items():
        values = {"locale": locale, "channel": channel} | ({"stratum": stratum} if stratum else {})
        cells.append(SplitCell(day, tuple(found), shares_of(step), values))
    return cells
