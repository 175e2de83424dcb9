"""Running sums: brought up to date day by day, and read out without looking at people.

A day's people are those whom the campaign first decided for on it. While their windows are open, and for SETTLE_DAYS
more in which late events may come, the day is counted anew at each update; then it is closed, and its people are never
looked at again. A read-out adds up days, so it takes as long for a thousand people as for a billion.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tailorbird.pipeline.campaign_work import planned_people
from tailorbird.pipeline.compare import HOLDOUT, TREATMENT, own_metrics, returns_of, tickets_of, watches_tickets
from tailorbird.pipeline.observe import NothingDecidedError, last_event, load_decisions
from tailorbird.pipeline.watch_split import Place, check_counts
from tailorbird.ports.decision_store import DecisionStore
from tailorbird.ports.metric_sums import MetricSums
from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.measurement import metrics_sql, outcomes_sql, rewards_sql, sums_sql
from tailorbird.stages.measurement.comparison import Measured
from tailorbird.stages.measurement.sums_comparison import NOT_IN_SUMS, age_days, compare_sums, sums_name
from tailorbird.types.campaign import Campaign
from tailorbird.types.comparison import Comparison
from tailorbird.types.day_sums import SUMS, DaySums, SumsReadout, SumsUpdate
from tailorbird.types.decision import Decision
from tailorbird.types.split_check import SplitCheck

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
    longest = max(metric.spec.window_days for metric in _metrics(campaign))
    days: dict[str, list[Decision]] = {}
    for one in first:
        days.setdefault(one.decided_at.astimezone(UTC).date().isoformat(), []).append(one)
    counted = {} if rebuild else store.counted(campaign.name)
    still_open = [day for day in sorted(days) if _is_open(day, longest, counted.get(day))]
    if still_open:
        load_decisions(warehouse, [one for day in still_open for one in days[day]])
        warehouse.run(outcomes_sql.compile_outcomes(campaign.metric, until))
        warehouse.run(metrics_sql.compile_firsts(until))
        store.replace(campaign.name, still_open, list(_count(campaign, warehouse, until)))
    people = sum(len(days[day]) for day in still_open)
    return SumsUpdate(len(still_open), len(days) - len(still_open), people, until.isoformat())


def _count(campaign: Campaign, warehouse: Warehouse, until: datetime) -> Iterator[DaySums]:
    """The rows of the people in `firsts`: of everybody, by week, and of each metric that has sums."""
    own, told = campaign.metric, until.isoformat()
    for metric in _metrics(campaign):
        if metric.spec.kind == "quantile":
            continue
        # Returns per order are of the orders of the campaign's own metric.
        returns = metric.spec == returns_of(own)
        warehouse.run(rewards_sql.compile_orders(own if returns else metric.spec, until))
        for arm, stratum, day, locale, step, did, *sums in warehouse.rows(
            sums_sql.compile_sums(metric.spec, until, returns)
        ):
            yield DaySums(arm, sums_name(metric), stratum, day, tuple(map(float, sums)), told, locale, step, float(did))
    warehouse.run(rewards_sql.compile_orders(own, until))
    for arm, stratum, day, locale, step, people, reached, *weeks in warehouse.rows(sums_sql.compile_people(own, until)):
        yield DaySums(arm, sums_sql.PEOPLE, stratum, day, _counts(people, reached), told, locale, step)
        for week, count in enumerate(weeks, 1):
            if count:
                yield DaySums(arm, sums_sql.week_name(week), stratum, day, _counts(count), told, locale, step)


def _counts(people: int, y: int = 0) -> tuple[float, ...]:
    return (float(people), float(y), *[0.0] * (len(SUMS) - 2))


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


def _metrics(campaign: Campaign) -> list[Measured]:
    """The metrics of a report: the file's, support tickets, and returns per order."""
    found = [
        Measured(spec, role, margin=margin, relative=relative) for spec, role, margin, relative in own_metrics(campaign)
    ]
    watched = [tickets_of(campaign)] if watches_tickets(campaign) else []
    return found + [Measured(spec, "watched", {}, float("inf")) for spec in (*watched, returns_of(campaign.metric))]


def read_sums(campaign: Campaign, store: MetricSums, runs: Sequence[Mapping[str, Any]]) -> SumsReadout:
    """Treated against held out, then each variant against the control, as a report compares them; nobody is looked at.

    `runs` are the campaign's: the shares that they drew by, and the people of the first one, for whom the intervals are
    tightest. Support tickets and returns are watched where there were any. A split that is off blocks every effect.
    """
    rows = store.read(campaign.name, by=("stratum", "day", "locale", "step"))
    everybody = [row for row in rows if row.metric == sums_sql.PEOPLE]
    people = round(sum(row.sums[0] for row in everybody))
    splits = _splits(campaign, everybody, runs)
    happened = {row.metric for row in rows if row.sums[1]}
    metrics = [one for one in _metrics(campaign) if one.role != "watched" or sums_name(one) in happened]
    finished = all(age_days(row) >= campaign.metric.window_days for row in everybody)
    n_star = planned_people(runs) or float(max(people, 1))
    split_ok = not any(check.blocked for check in splits)
    pairs, experiment = [(TREATMENT, HOLDOUT)], campaign.experiment
    if experiment is not None:
        pairs += [(name, experiment.control) for name in experiment.variants if name != experiment.control]
    found = [compare_sums(*pair, metrics, rows, n_star, split_ok, finished) for pair in pairs]
    comparisons = tuple(one for one in found if one is not None)
    return SumsReadout(people, splits, comparisons, _notes(campaign, everybody, comparisons), NOT_IN_SUMS)


def _splits(
    campaign: Campaign, everybody: Sequence[DaySums], runs: Sequence[Mapping[str, Any]]
) -> tuple[SplitCheck, ...]:
    """The report's checks, but for that of who was reached: who is told of by day of exposure, and sums are not."""
    held: Counter[Place] = Counter()
    tried: Counter[Place] = Counter()
    for row in everybody:
        place = Place(row.day, row.step, row.locale, campaign.channel, row.stratum, row.arm)
        held[place._replace(arm=HOLDOUT if row.arm == HOLDOUT else TREATMENT)] += round(row.sums[0])
        if row.arm not in (HOLDOUT, TREATMENT):
            tried[place] += round(row.sums[0])
    return tuple(check for check in check_counts(campaign, runs, held, tried, {}) if check.kind != "exposed")


def _notes(campaign: Campaign, everybody: Sequence[DaySums], comparisons: Sequence[Comparison]) -> tuple[str, ...]:
    notes = []
    if not comparisons:
        notes.append("There are no two arms to compare." if everybody else "Nobody has been counted yet.")
    before = round(sum(row.sums[0] for row in everybody if row.arm == TREATMENT))
    if before and campaign.experiment is not None and campaign.experiment.variants:
        notes.append(
            f"{before:,} people were first written to before the experiment: they tell nothing of variants here; the "
            "report counts them from their first step in one."
        )
    return tuple(notes)
