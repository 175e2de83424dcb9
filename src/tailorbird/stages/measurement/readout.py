"""From outcomes to a read-out: counts, lift with its interval, and one plain sentence.

Order of the rules: a split that is off blocks everything; then an arm without people; then too few conversions; only
then may the interval speak. The interval is shown even where no verdict is given.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from tailorbird.stages.measurement.confidence_sequence import (
    ALPHA,
    asymptotic_interval,
    relative_interval,
    share_interval,
)
from tailorbird.stages.measurement.srm import srm_blocks, srm_p
from tailorbird.stages.measurement.verdict import judge
from tailorbird.types.campaign import Campaign
from tailorbird.types.readout import ArmRow, Effect, LiftPoint, Readout
from tailorbird.types.split_check import SplitCheck

MIN_CONVERSIONS = 25
"""Conversions that each arm needs before a verdict is given.

The interval's guarantee is asymptotic. In seeded A/A simulations of 100 looks (arms 50/50, 90/10 and 98/2, 4,000 to
20,000 people, arriving one by one or decided at once) unequal arms gave up to 8 % false positives without a floor;
from 25 conversions in each arm on, 2 % at most.
"""

MIN_ORDERS = 50
VALUE_QUANTILE = 0.95
"""Money is compared from MIN_ORDERS orders in each arm on, with what one person brought cut off at this quantile of
all buyers' sums.

A few large orders make the interval of a mean untrue. In seeded A/A simulations of 14 looks with log-normal sums (log
sd 1.0 to 1.5, 1,600 to 50,000 people) the plain interval excluded zero in up to 10 % of campaigns; cut off, and from
50 orders on, in 4 % at most.
"""

Column = npt.NDArray[Any]
_PLACES_DAYS = 60


def read_out(
    campaign: Campaign,
    outcomes: Mapping[str, Sequence[Any]],
    until: datetime | None,
    currency: str,
    n_star: float | None = None,
    splits: Sequence[SplitCheck] = (),
) -> Readout:
    """The read-out of one campaign from columns of `outcomes_sql.OUTCOME_COLUMNS`, all of one length.

    `n_star` is the number of people at which the interval is tightest, fixed before outcomes; None takes the number
    decided. `splits` are the checks of who came into which arm; without them, one look at the
    counts decides. Funnel, tables and work are the pipeline's to add.
    """
    columns = {name: _column(name, values) for name, values in outcomes.items()}
    treated, holdout = _arm(columns, "treatment"), _arm(columns, "holdout")
    n_star = n_star or float(max(treated.people + holdout.people, 1))
    p = splits[0].p if splits else srm_p(treated.people, holdout.people, campaign.holdout)
    off = any(check.blocked for check in splits) if splits else srm_blocks(p)
    compared = bool(treated.people and holdout.people) and not off
    effect = _effect(treated, holdout, n_star) if compared else None
    kind, sentence = judge(campaign, treated, holdout, effect, p, MIN_CONVERSIONS, splits)
    value_effect, cap = _value_effect(columns, n_star) if compared else (None, None)
    return Readout(
        campaign=campaign.name,
        hypothesis=campaign.hypothesis,
        metric=campaign.metric.name,
        metric_event=campaign.metric.event,
        window_days=campaign.metric.window_days,
        currency=currency,
        until=until,
        treated=treated,
        holdout=holdout,
        planned_holdout=campaign.holdout,
        srm_p=p,
        splits=tuple(splits),
        verdict=kind,
        sentence=sentence,
        effect=effect,
        value_effect=value_effect,
        value_cap=cap,
        lift_over_time=_lift_over_time(columns, campaign.metric.window_days, n_star) if compared else (),
        open_windows=int(columns["open_window"].sum()),
        min_conversions=MIN_CONVERSIONS,
        n_star=n_star,
        alpha=ALPHA,
    )


def _column(name: str, values: Sequence[Any]) -> Column:
    if name == "arm":
        return np.asarray(values, dtype=object)
    if name == "conversion_day":
        return np.asarray([0 if value is None else value for value in values], dtype=np.int64)
    return np.asarray(values, dtype=np.float64)


def _arm(columns: Mapping[str, Column], arm: str) -> ArmRow:
    inside = columns["arm"] == arm

    def count(name: str) -> int:
        return int(columns[name][inside].sum())

    return ArmRow(
        arm=arm,
        people=int(inside.sum()),
        exposed=count("exposed"),
        clicked=count("clicked"),
        unsubscribed=count("unsubscribed"),
        conversions=int((columns["conversion_day"][inside] > 0).sum()),
        attributed=count("attributed"),
        refunded=count("refunded"),
        value=float(columns["value"][inside].sum()),
    )


def _effect(treated: ArmRow, holdout: ArmRow, n_star: float) -> Effect:
    counts = (treated.conversions, treated.people, holdout.conversions, holdout.people)
    low, high, p = share_interval(*counts, ALPHA, n_star)
    relative = relative_interval(*counts, ALPHA, n_star)
    return Effect(
        difference=treated.rate - holdout.rate,
        low=low,
        high=high,
        p=p,
        relative=treated.rate / holdout.rate - 1.0 if relative else None,
        relative_low=relative[0] if relative else None,
        relative_high=relative[1] if relative else None,
    )


def _value_effect(columns: Mapping[str, Column], n_star: float) -> tuple[Effect | None, float | None]:
    """(difference in money per person, where one person's money was cut off); None below MIN_ORDERS in an arm."""
    buyers = columns["value"][columns["value"] > 0]
    arms = [columns["value"][columns["arm"] == arm] for arm in ("treatment", "holdout")]
    if min(int((values > 0).sum()) for values in arms) < MIN_ORDERS:
        return None, None
    cap = float(np.quantile(buyers, VALUE_QUANTILE))
    of_treated, of_holdout = (np.minimum(values, cap) for values in arms)
    low, high, p = asymptotic_interval(
        len(of_treated),
        float(of_treated.mean()),
        float(of_treated.var(ddof=1)),
        len(of_holdout),
        float(of_holdout.mean()),
        float(of_holdout.var(ddof=1)),
        ALPHA,
        n_star,
    )
    return Effect(float(of_treated.mean() - of_holdout.mean()), low, high, p), cap


def _lift_over_time(columns: Mapping[str, Column], window_days: int, n_star: float) -> tuple[LiftPoint, ...]:
    """Lift at the end of each day after the decision; at most about 60 points, the last day among them.

    A day counts the people whose decision is that old: where steps were days apart, later days rest on fewer people.
    """
    days, ages = columns["conversion_day"], columns["age_days"]
    treatment = columns["arm"] == "treatment"
    last = min(window_days, max(int(ages.max(initial=0)), 1))
    every = max(1, -(-last // _PLACES_DAYS))
    points = []
    for day in sorted({*range(every, last + 1, every), last}):
        old = ages >= min(day, int(ages.max(initial=0)))
        converted = old & (days > 0) & (days <= day)
        n_t, n_c = int((old & treatment).sum()), int((old & ~treatment).sum())
        x_t, x_c = int((converted & treatment).sum()), int((converted & ~treatment).sum())
        if n_t and n_c:
            low, high, _ = share_interval(x_t, n_t, x_c, n_c, ALPHA, n_star)
            points.append(LiftPoint(day, x_t, x_c, n_t, n_c, x_t / n_t - x_c / n_c, low, high))
    return tuple(points)
