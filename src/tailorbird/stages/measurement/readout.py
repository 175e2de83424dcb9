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

MIN_CONVERSIONS = 25
"""Conversions that each arm needs before a verdict is given.

The interval's guarantee is asymptotic. In seeded A/A simulations of 100 looks (arms 50/50, 90/10 and 98/2, 4,000 to
20,000 people, arriving one by one or decided at once) unequal arms gave up to 8 % false positives without a floor;
from 25 conversions in each arm on, 2 % at most.
"""

Column = npt.NDArray[Any]
_PLACES_DAYS = 60


def read_out(
    campaign: Campaign,
    outcomes: Mapping[str, Sequence[Any]],
    until: datetime | None,
    currency: str,
    n_star: float | None = None,
    min_conversions: int = MIN_CONVERSIONS,
) -> Readout:
    """The read-out of one campaign from columns of `outcomes_sql.OUTCOME_COLUMNS`, all of one length.

    `n_star` is the number of people at which the interval is tightest, fixed before outcomes; None takes the number
    decided. Funnel, tables and work are the pipeline's to add.
    """
    columns = {name: _column(name, values) for name, values in outcomes.items()}
    treated, holdout = _arm(columns, "treatment"), _arm(columns, "holdout")
    n_star = n_star or float(max(treated.people + holdout.people, 1))
    p = srm_p(treated.people, holdout.people, campaign.holdout)
    compared = bool(treated.people and holdout.people) and not srm_blocks(p)
    effect = _effect(treated, holdout, n_star) if compared else None
    kind, sentence = judge(campaign, treated, holdout, effect, p, min_conversions)
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
        verdict=kind,
        sentence=sentence,
        effect=effect,
        value_effect=_value_effect(columns, n_star) if compared else None,
        lift_over_time=_lift_over_time(columns, campaign.metric.window_days, n_star) if compared else (),
        open_windows=int(columns["open_window"].sum()),
        min_conversions=min_conversions,
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


def _value_effect(columns: Mapping[str, Column], n_star: float) -> Effect | None:
    of_treated = columns["value"][columns["arm"] == "treatment"]
    of_holdout = columns["value"][columns["arm"] == "holdout"]
    if min(len(of_treated), len(of_holdout)) < 2:
        return None
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
    return Effect(float(of_treated.mean() - of_holdout.mean()), low, high, p)


def _lift_over_time(columns: Mapping[str, Column], window_days: int, n_star: float) -> tuple[LiftPoint, ...]:
    """Lift as it stood at the end of each day after the decision; at most about 60 points, the last day among them.

    Days that nobody's window has reached yet are left out.
    """
    days = columns["conversion_day"]
    treatment = columns["arm"] == "treatment"
    n_t, n_c = int(treatment.sum()), int((columns["arm"] == "holdout").sum())
    by_day = [
        np.cumsum(np.bincount(days[arm], minlength=window_days + 1)[1 : window_days + 1])
        for arm in (treatment & (days > 0), ~treatment & (days > 0))
    ]
    last = min(window_days, max(int(columns["age_days"].max(initial=0)), 1))
    every = max(1, -(-last // _PLACES_DAYS))
    shown = sorted({*range(every, last + 1, every), last})
    points = []
    for day in shown:
        x_t, x_c = int(by_day[0][day - 1]), int(by_day[1][day - 1])
        low, high, _ = share_interval(x_t, n_t, x_c, n_c, ALPHA, n_star)
        points.append(LiftPoint(day, x_t, x_c, x_t / n_t - x_c / n_c, low, high))
    return tuple(points)
