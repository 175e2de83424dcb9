"""The splits of a campaign, held against what its runs meant: who is held out, in which variant, and really reached."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.measurement.exposures_sql import EXPOSURE_COLUMNS, compile_exposures
from tailorbird.stages.measurement.srm import SRM_ALPHA
from tailorbird.stages.measurement.srm_watch import check_split
from tailorbird.stages.measurement.verdict import count
from tailorbird.types.campaign import Campaign
from tailorbird.types.decision import Decision
from tailorbird.types.split_check import SplitCell, SplitCheck

ARMS = ("treatment", "holdout")


class Place(NamedTuple):
    """Where people of a split were counted: the day (ISO), the step, and what they are told apart by."""

    day: str
    step: str
    locale: str
    channel: str
    stratum: str
    arm: str


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
    first = _first_decisions(decided)
    tried = _first_decisions([one for one in decided if one.variant])
    reached = [one for one in tried if one.decision_id in exposures]
    return check_counts(
        campaign,
        runs,
        Counter(_place(campaign, one, one.arm) for one in first),
        Counter(_place(campaign, one, one.variant) for one in tried),
        Counter(_place(campaign, one, one.variant, exposures[one.decision_id]) for one in reached),
    )


def check_counts(
    campaign: Campaign,
    runs: Sequence[Mapping[str, Any]],
    first: Mapping[Place, int],
    tried: Mapping[Place, int],
    reached: Mapping[Place, int],
) -> tuple[SplitCheck, ...]:
    """`watch_split` of counted people: everybody by arm, the treated and those of them who were reached by variant."""
    experiment = campaign.experiment
    finished = len({place.step for place in first}) == 1
    names = list(experiment.variants) if experiment else []
    audiences = {str(run.get("step")): run.get("steps", {}).get("audience", {}) for run in runs}

    def held_share(step: str) -> tuple[float, ...]:
        share = audiences.get(step, {}).get("holdout_share")
        share = campaign.holdout if share is None else float(share)
        return 1 - share, share

    arms = _cells(first, ARMS, held_share)
    if not names:
        return (check_split("arms", ARMS, arms, finished),)
    timing = experiment is not None and "timing" in experiment.equal
    alpha = SRM_ALPHA / (3 if timing else 2)
    names += sorted({place.arm for place in tried} - set(names))

    def variant_shares(step: str) -> tuple[float, ...]:
        return _variant_shares(campaign, names, audiences.get(step, {}))

    return (
        check_split("arms", ARMS, arms, finished, alpha),
        check_split("variants", names, _cells(tried, names, variant_shares), finished, alpha),
        check_split("exposed", names, _cells(reached, names, variant_shares), finished, alpha, blocks=timing),
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


def _place(campaign: Campaign, one: Decision, arm: str, seen: Mapping[str, Any] | None = None) -> Place:
    """Where a person counts: by the exposure's day and channel where there is one, else the decision's."""
    day = seen["day"] if seen else one.decided_at.astimezone(UTC).date().isoformat()
    channel = seen["channel"] if seen else campaign.channel
    return Place(day, one.step, one.locale, channel, one.stratum, arm)


def _cells(
    people: Mapping[Place, int], arms: Sequence[str], shares_of: Callable[[str], tuple[float, ...]]
) -> list[SplitCell]:
    counts: dict[tuple[str, ...], list[int]] = {}
    for place, number in people.items():
        key = (place.day, place.step, place.locale.split("-")[0], place.channel, place.stratum)
        counts.setdefault(key, [0] * len(arms))[arms.index(place.arm)] += number
    cells = []
    # In an order of their own: the e-value takes the cells of a day one after the other.
    for (day, step, locale, channel, stratum), found in sorted(counts.items()):
        values = {"locale": locale, "channel": channel} | ({"stratum": stratum} if stratum else {})
        cells.append(SplitCell(day, tuple(found), shares_of(step), values))
    return cells
