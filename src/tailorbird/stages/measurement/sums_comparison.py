"""One arm held against another from running sums: the effects, the rule and the words of `comparison.py`.

Where a report looks at people, sums know their number, means, squares and products, by stratum and day. That is all a
comparison needs but for quantiles, cohorts, money cut off at its largest, and outcomes predicted from all that was
known before.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from tailorbird.stages.measurement.comparison import SPLIT_OFF, Measured, below_floor, on_exposed, over_strata, rule
from tailorbird.stages.measurement.estimates import estimate
from tailorbird.stages.measurement.fixed_horizon import fixed_horizon
from tailorbird.stages.measurement.moments import Moments, add_up
from tailorbird.stages.measurement.novelty import novelty_of_counts
from tailorbird.stages.measurement.power import power_left
from tailorbird.stages.measurement.sums_sql import PEOPLE, week_name, weeks_kept
from tailorbird.types.comparison import Comparison
from tailorbird.types.day_sums import DaySums
from tailorbird.types.estimate import Estimate
from tailorbird.types.findings import Novelty
from tailorbird.types.metric import MetricSpec

NOT_IN_SUMS = (
    "Not in sums, but in the report: quantiles, cohorts, what is predicted from all that people did before (CUPAC), "
    "money with its largest sums cut off, and whether as many people as planned were reached in each variant."
)
HOLDOUT = "holdout"
_DAYS = 7


@dataclass(frozen=True, slots=True)
class Sides:
    """Rows of running sums of the two arms that are compared."""

    treated: Sequence[DaySums]
    control: Sequence[DaySums]

    def of(self, metric: str) -> "Sides":
        """The rows of one metric."""
        return Sides(*([row for row in side if row.metric == metric] for side in (self.treated, self.control)))

    def where(self, stratum: str) -> "Sides":
        """The rows of one stratum."""
        return Sides(*([row for row in side if row.stratum == stratum] for side in (self.treated, self.control)))

    def moments(self) -> tuple[Moments, Moments]:
        """The sums of each arm."""
        return _moments(self.treated), _moments(self.control)

    def people(self) -> tuple[int, int]:
        """How many are in each arm."""
        return round(_moments(self.treated).n), round(_moments(self.control).n)

    def doers(self) -> tuple[int, int]:
        """How many of each arm did it."""
        return round(sum(row.did for row in self.treated)), round(sum(row.did for row in self.control))


def _moments(rows: Sequence[DaySums]) -> Moments:
    return add_up([Moments(*row.sums) for row in rows])


def sums_name(metric: Measured) -> str:
    """Where a metric's sums are kept: a guardrail may be called as a metric is."""
    return metric.spec.name if metric.role == "success" else f"#{metric.role} {metric.spec.name}"


def compare_sums(
    arm: str,
    control: str,
    metrics: Sequence[Measured],
    rows: Sequence[DaySums],
    n_star: float,
    split_ok: bool = True,
    finished: bool = False,
) -> Comparison | None:
    """`arm` against `control` as a report compares them; None where one of them has nobody. The first of `metrics` is
    the campaign's own.

    'treatment' is everybody who is not held out. `rows` are all of the campaign's, by stratum and day. An arm that was
    added later is compared with people of its own time.
    """
    of_arm = [row for row in rows if (row.arm != HOLDOUT if arm == "treatment" else row.arm == arm)]
    sides, since = _concurrent(Sides(of_arm, [row for row in rows if row.arm == control]))
    people = sides.of(PEOPLE).people()
    if not all(people):
        return None
    found = [_estimated(metric, sides, people, split_ok) for metric in metrics]
    compared = replace(rule(arm, control, metrics, found, people, n_star, split_ok, finished), since=since)
    if not split_ok:
        return compared
    reached = sum(row.sums[1] for row in sides.of(PEOPLE).treated) / people[0]
    return replace(
        compared,
        exposed=reached,
        on_exposed=on_exposed(compared.results[0].effect, reached) if control == HOLDOUT else None,
        fixed=fixed_horizon(_whole(metrics[0], sides, people)),
        power_left=power_left(found[0], n_star, n_star),
        novelty=_novelty(metrics[0].spec, rows, sides, n_star),
    )


def _concurrent(sides: Sides) -> tuple[Sides, str]:
    starts = [min((row.day for row in side), default="") for side in (sides.treated, sides.control)]
    if not all(starts) or starts[0] == starts[1]:
        return sides, ""
    since = max(starts)
    return Sides(*([row for row in side if row.day >= since] for side in (sides.treated, sides.control))), since


def _estimated(metric: Measured, sides: Sides, people: tuple[int, int], split_ok: bool) -> Estimate:
    if not split_ok:
        return Estimate(*people, why=SPLIT_OFF)
    whole = _whole(metric, sides, people)
    own = sides.of(sums_name(metric))
    strata = sorted({row.stratum for row in (*own.treated, *own.control)})
    if whole.difference is None or len(strata) < 2 or metric.spec.kind not in ("share", "value"):
        return whole
    return over_strata({each: estimate(*own.where(each).moments()) for each in strata}, sum(people)) or whole


def _whole(metric: Measured, sides: Sides, people: tuple[int, int]) -> Estimate:
    if metric.spec.kind == "quantile":
        return Estimate(*people, why="a quantile is no sum of people: read the report")
    own = sides.of(sums_name(metric))
    if own.people() != people:
        counted = f"{sum(own.people()):,} of {sum(people):,} people"
        return Estimate(
            *people, why=f"only {counted} were counted for it, since it is new: --rebuild counts the others"
        )
    floored = below_floor(metric, people, own.doers())
    return floored or estimate(*own.moments(), ratio=metric.spec.kind == "ratio")


def _novelty(own: MetricSpec, rows: Sequence[DaySums], sides: Sides, n_star: float) -> Novelty | None:
    """By week, of the people of days that are that old altogether; None before one week."""
    oldest = max((age_days(row) for row in rows if row.metric == PEOPLE), default=0)
    weeks = min(oldest // _DAYS, weeks_kept(own))
    if weeks < 1:
        return None
    old = Sides(*([row for row in side if age_days(row) >= weeks * _DAYS] for side in (sides.treated, sides.control)))
    people = old.of(PEOPLE).people()
    if not all(people):
        return None
    counts = [old.of(week_name(week)).people() for week in range(1, weeks + 1)]
    treated, control = ([count[side] for count in counts] for side in (0, 1))
    return novelty_of_counts((people[0], treated), (people[1], control), n_star)


def age_days(row: DaySums) -> int:
    """Whole days for which everybody of the row has been watched at least, 0 before the day is over."""
    over = datetime.fromisoformat(row.day).replace(tzinfo=UTC) + timedelta(days=1)
    return max((datetime.fromisoformat(row.until) - over).days, 0)
