"""Running sums: brought up to date day by day, and read out without looking at people.

A day's people are those whom the campaign first decided for on it. While their windows are open, and for SETTLE_DAYS
more in which late events may come, the day is counted anew at each update; then it is closed, and its people are never
looked at again. A read-out adds up days, so it takes as long for a thousand people as for a billion.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from tailorbird.pipeline.observe import NothingDecidedError, last_event, load_decisions
from tailorbird.ports.decision_store import DecisionStore
from tailorbird.ports.metric_sums import MetricSums
from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.measurement import metrics_sql, outcomes_sql, rewards_sql, sums_sql
from tailorbird.stages.measurement.estimates import always_valid, estimate
from tailorbird.stages.measurement.moments import Moments, add_up
from tailorbird.stages.measurement.readout import MIN_CONVERSIONS, MIN_ORDERS
from tailorbird.stages.measurement.srm import srm_blocks, srm_p
from tailorbird.types.campaign import Campaign
from tailorbird.types.day_sums import DaySums, SumsEffect, SumsUpdate
from tailorbird.types.decision import Decision
from tailorbird.types.metric import MetricSpec

SETTLE_DAYS = 3
"""Days after its window in which a day is still counted anew: for events that come late."""


def update_sums(
    campaign: Campaign,
    decisions: DecisionStore,
    warehouse: Warehouse,
    store: MetricSums,
    until: datetime,
    rebuild: bool = False,
) -> SumsUpdate:
    """Count the days that are not closed yet, up to `until`; with `rebuild` all of them.

    `warehouse` must hold the view `events`. People held out of all campaigns are in no arm. Refunds and events that
    come after a day is closed change nothing, but for a rebuild.
    """
    first = _first_decisions(decisions.find(campaign.name), until)
    metrics = [metric for metric in (campaign.metric, *campaign.metrics) if metric.kind != "quantile"]
    longest = max((metric.window_days for metric in metrics), default=0)
    days: dict[str, list[Decision]] = {}
    for one in first:
        days.setdefault(one.decided_at.astimezone(UTC).date().isoformat(), []).append(one)
    counted = {} if rebuild else store.counted(campaign.name)
    still_open = [day for day in sorted(days) if _is_open(day, longest, counted.get(day))]
    rows: list[DaySums] = []
    if still_open:
        load_decisions(warehouse, [one for day in still_open for one in days[day]])
        warehouse.run(outcomes_sql.compile_outcomes(campaign.metric, until))
        warehouse.run(metrics_sql.compile_firsts(until))
        for metric in metrics:
            warehouse.run(rewards_sql.compile_orders(metric, until))
            for arm, stratum, day, *sums in warehouse.rows(sums_sql.compile_sums(metric, until)):
                rows.append(DaySums(arm, metric.name, stratum, day, tuple(map(float, sums)), until.isoformat()))
        store.replace(campaign.name, still_open, rows)
    people = sum(len(days[day]) for day in still_open)
    return SumsUpdate(len(still_open), len(days) - len(still_open), people, until.isoformat())


def until_of(warehouse: Warehouse, made: Sequence[Decision], now: datetime | None) -> datetime:
    """The moment that a read-out speaks of: the last event known, not after `now` if that is given, and not before the
    last decision. Raises NothingDecidedError where nobody was decided for."""
    if not made:
        raise NothingDecidedError("the campaign has decided for nobody yet: run `tailorbird run` first")
    return last_event(warehouse, made, now)


def _first_decisions(made: Sequence[Decision], until: datetime) -> list[Decision]:
    """Each person's first decision of the campaign, up to `until`."""
    first: dict[str, Decision] = {}
    for one in made:
        if one.held != "global" and one.decided_at <= until:
            other = first.get(one.person_id)
            if other is None or (one.decided_at, one.decision_id) < (other.decided_at, other.decision_id):
                first[one.person_id] = one
    return list(first.values())


def _is_open(day: str, window_days: int, counted: str | None) -> bool:
    closes = datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(days=1 + window_days + SETTLE_DAYS)
    return counted is None or datetime.fromisoformat(counted) < closes


def read_sums(campaign: Campaign, store: MetricSums, holdout: float, n_star: float | None) -> list[SumsEffect]:
    """Every metric of every comparison, from sums: treated against held out, each variant against the control.

    `holdout` is the share that the runs meant to hold out, for the check of the split. Quantiles are refused: they are
    no sums. Money is not cut off, as it is in a report: a few large orders widen its interval.
    """
    sums: dict[tuple[str, str], Moments] = {}
    for row in store.read(campaign.name, by=()):
        sums[row.metric, row.arm] = Moments(*row.sums)
    found = []
    for metric in (campaign.metric, *campaign.metrics):
        arms = {arm: each for (name, arm), each in sums.items() if name == metric.name}
        treated = add_up([each for arm, each in arms.items() if arm != "holdout"])
        held = arms.get("holdout", Moments())
        blocked = srm_blocks(srm_p(round(treated.n), round(held.n), holdout))
        found.append(_effect(metric, "treatment", "holdout", treated, held, n_star, blocked))
        found += _variants(campaign, metric, arms, n_star, blocked)
    return found


def _variants(
    campaign: Campaign, metric: MetricSpec, arms: Mapping[str, Moments], n_star: float | None, blocked: bool
) -> list[SumsEffect]:
    if campaign.experiment is None:
        return []
    control = campaign.experiment.control
    against = arms.get(control, Moments())
    return [
        _effect(metric, name, control, arms.get(name, Moments()), against, n_star, blocked)
        for name in campaign.experiment.variants
        if name != control
    ]


def _effect(
    metric: MetricSpec, arm: str, control: str, treated: Moments, held: Moments, n_star: float | None, blocked: bool
) -> SumsEffect:
    found = estimate(treated, held, ratio=metric.kind == "ratio")
    why = found.why
    if metric.kind == "quantile":
        why = "a quantile is no sum of people: read the report"
    elif blocked:
        why = "people did not split as planned: the report says where"
    elif not why and metric.kind == "share" and min(treated.y, held.y) < MIN_CONVERSIONS:
        why = f"{min(treated.y, held.y):,.0f} people in an arm did it; {MIN_CONVERSIONS} are needed"
    elif not why and metric.kind == "value" and min(treated.b, held.b) < MIN_ORDERS:
        why = f"{min(treated.b, held.b):,.0f} people in an arm brought money; {MIN_ORDERS} are needed"
    effect = None if why else always_valid(found, n_star or found.people)
    people = round(treated.n), round(held.n)
    return SumsEffect(metric.name, metric.kind, arm, control, *people, effect, found.kept, why)
