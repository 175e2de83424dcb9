"""One arm held against another: every metric's effect, what the decision rule makes of them, and where and when.

Success metrics and guardrails are judged together (`decision_rule`), each adjusted by what the same people did before
(`estimates`). What cannot be said is refused with a reason, metric by metric.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from tailorbird.stages.measurement.cohorts import Q, cohort_effects
from tailorbird.stages.measurement.confidence_sequence import share_variance
from tailorbird.stages.measurement.decision_rule import decide, rule_metric
from tailorbird.stages.measurement.estimates import estimate, post_stratify
from tailorbird.stages.measurement.fixed_horizon import fixed_horizon
from tailorbird.stages.measurement.moments import Moments, moments_of
from tailorbird.stages.measurement.novelty import novelty, weekly_outcomes
from tailorbird.stages.measurement.quantiles import quantile_estimate
from tailorbird.stages.measurement.readout import MIN_CONVERSIONS, MIN_ORDERS, VALUE_QUANTILE
from tailorbird.types.comparison import Comparison, MetricResult, Role, Ruling
from tailorbird.types.effect import Effect
from tailorbird.types.estimate import Estimate
from tailorbird.types.findings import CohortEffect, Novelty, RuleMetric, RuleVerdict
from tailorbird.types.metric import MetricSpec

PEOPLE_LEFT_OUT = 0.02
SPLIT_OFF = "people did not split as planned"

Column = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Measured:
    """A metric, its part in the decision, and what each person did: columns of `metrics_sql.METRIC_COLUMNS`.

    `margin` is the harm that a guardrail bears, `relative` or in units of the metric; infinite for one that is watched.
    `predicted` is each person's outcome as predicted from before the decision (`covariates.with_predictions`), None for
    no prediction.
    """

    spec: MetricSpec
    role: Role
    columns: Mapping[str, Column] = field(default_factory=dict)
    margin: float | None = None
    relative: bool = False
    predicted: Column | None = None


def metric_estimate(metric: Measured, treated: Mask, control: Mask) -> Estimate:
    """The difference of one metric between two arms, adjusted by what people did before; refused with `why`.

    Shares need MIN_CONVERSIONS people with the event in each arm and money MIN_ORDERS, as the campaign's own metric
    does; a guardrail's share does without, on a variance that is never 0. One person's money is cut off at the
    quantile VALUE_QUANTILE of the money of all who brought any.
    """
    spec, columns = metric.spec, metric.columns
    did = columns["count"] > 0
    people, doers = (int(treated.sum()), int(control.sum())), (int(did[treated].sum()), int(did[control].sum()))
    if (floored := below_floor(metric, people, doers)) is not None:
        return floored
    if spec.kind == "share":
        before = covariate(metric)
        return estimate(_moments(did, None, before, treated), _moments(did, None, before, control))
    if spec.kind == "quantile":
        return quantile_estimate(columns["value"][treated], columns["value"][control], spec.quantile)
    value, before = capped(columns["value"]), covariate(metric)
    per = columns["per"] if spec.kind == "ratio" else None
    sides = _moments(value, per, before, treated), _moments(value, per, before, control)
    return estimate(sides[0], sides[1], ratio=spec.kind == "ratio")


def below_floor(metric: Measured, people: tuple[int, int], doers: tuple[int, int]) -> Estimate | None:
    """What is said where too few of an arm's `people` did it (`doers`, by arm): a refusal, or, of a guardrail's share,
    the estimate that needs no number of them. None where enough did."""
    if min(people) < 2:
        return Estimate(*people, why=f"an arm has {min(people)} people; two are needed to see any variation")
    if metric.spec.kind == "share":
        if min(doers) >= MIN_CONVERSIONS:
            return None
        if metric.role == "success":
            return Estimate(*people, why=f"{min(doers)} people in an arm did it; {MIN_CONVERSIONS} are needed")
        return _rare(doers[0], people[0], doers[1], people[1])
    if min(doers) < MIN_ORDERS:
        return Estimate(*people, why=f"money is compared from {MIN_ORDERS} people in each arm on who brought any")
    return None


def covariate(metric: Measured) -> Column:
    """What an effect is adjusted by: the predicted outcome (CUPAC), or what the person did before (CUPED)."""
    if metric.predicted is not None and metric.spec.kind in ("share", "value"):
        return metric.predicted
    return metric.columns["count_before"] > 0 if metric.spec.kind == "share" else capped(metric.columns["value_before"])


def capped(money: Column) -> Column:
    """Money with what is above the quantile VALUE_QUANTILE of all that is above 0 cut off."""
    some = money[money > 0]
    return np.minimum(money, float(np.quantile(some, VALUE_QUANTILE))) if len(some) else money


def _moments(y: Column, b: Column | None, x: Column, arm: Mask) -> Moments:
    of_y, of_x = y[arm].astype(np.float64), x[arm].astype(np.float64)
    return moments_of(of_y, None if b is None else b[arm].astype(np.float64), of_x)


def _rare(x_t: int, n_t: int, x_c: int, n_c: int) -> Estimate:
    errors = math.sqrt(share_variance(x_t, n_t) / n_t), math.sqrt(share_variance(x_c, n_c) / n_c)
    return Estimate(n_t, n_c, x_t / n_t - x_c / n_c, x_t / n_t, x_c / n_c, *errors)


def compare(
    arm: str,
    control: str,
    metrics: Sequence[Measured],
    masks: tuple[Mask, Mask],
    n_star: float,
    split_ok: bool = True,
    finished: bool = False,
    strata: Column | None = None,
) -> Comparison:
    """`arm` against `control`, whose people the two `masks` mark; at least one metric is a success metric.

    `strata` are those in which people were drawn: where there are several, shares and money are compared inside them.

    With a split that is off no effect is given at all: every metric then says why.
    """
    found = [_estimated(metric, masks, split_ok, strata) for metric in metrics]
    people = int(masks[0].sum()), int(masks[1].sum())
    return rule(arm, control, metrics, found, people, n_star, split_ok, finished)


def rule(
    arm: str,
    control: str,
    metrics: Sequence[Measured],
    found: Sequence[Estimate],
    people: tuple[int, int],
    n_star: float,
    split_ok: bool,
    finished: bool,
) -> Comparison:
    """The comparison that follows from an estimate of each metric, in their order."""
    successes = sum(metric.role == "success" for metric in metrics)
    judged = [
        rule_metric(
            metric.spec.name,
            one,
            n_star,
            metrics=len(metrics),
            successes=successes,
            margin=metric.margin,
            relative=metric.relative,
            higher_is_better=metric.spec.better == "more",
        )
        for metric, one in zip(metrics, found, strict=True)
    ]
    results = tuple(_result(*each) for each in zip(metrics, found, judged, strict=True))
    verdict = decide(judged, split_ok, finished)
    return Comparison(arm, control, *people, results, _one_each(verdict))


def _one_each(verdict: RuleVerdict) -> RuleVerdict:
    return replace(verdict, metrics=())


def _estimated(metric: Measured, masks: tuple[Mask, Mask], split_ok: bool, strata: Column | None) -> Estimate:
    if not split_ok:
        return Estimate(int(masks[0].sum()), int(masks[1].sum()), why=SPLIT_OFF)
    whole = metric_estimate(metric, *masks)
    if whole.difference is None or strata is None or metric.spec.kind not in ("share", "value"):
        return whole
    return _inside_strata(metric, masks, strata) or whole


def _inside_strata(metric: Measured, masks: tuple[Mask, Mask], strata: Column) -> Estimate | None:
    """The estimate inside strata, averaged by their people; None with one stratum, or where some are too thin for it.

    Strata may leave out PEOPLE_LEFT_OUT of the people at most: else it would be an answer about others.
    """
    own = masks[0] | masks[1]
    values = sorted(set(strata[own]))
    if len(values) < 2:
        return None
    columns, money = metric.columns, metric.spec.kind == "value"
    y = capped(columns["value"]) if money else columns["count"] > 0
    x = covariate(metric)
    parts = {}
    for value in values:
        inside = strata == value
        parts[value] = estimate(_moments(y, None, x, masks[0] & inside), _moments(y, None, x, masks[1] & inside))
    return over_strata(parts, float(own.sum()))


def over_strata(parts: Mapping[str, Estimate], people: float) -> Estimate | None:
    """The estimates inside strata as one, or None where they leave out too many of the `people`."""
    found = post_stratify(parts)
    enough = found.difference is not None and found.people >= (1 - PEOPLE_LEFT_OUT) * people
    return found if enough else None


def _result(metric: Measured, found: Estimate, judged: RuleMetric) -> MetricResult:
    ruling: Ruling = "not shown"
    if judged.effect is None:
        ruling = "cannot be judged"
    elif judged.worse:
        ruling = "worse"
    elif judged.success and judged.better:
        ruling = "better"
    elif metric.role == "watched" or judged.not_worse:
        ruling = "within margin" if metric.role == "guardrail" else "not shown"
    margin = judged.margin if metric.role == "guardrail" else None
    spec = metric.spec
    return MetricResult(
        spec.name, metric.role, spec.kind, spec.better, found, judged.effect, ruling, margin, judged.why
    )


def on_exposed(effect: Effect | None, exposed: float) -> Effect | None:
    """The effect among those whom a message reached: the effect on everybody over the share that was reached.

    The complier average of Angrist, Imbens and Rubin (1996): true where a message that did not arrive changed
    nothing. None where nobody was reached, or no effect is known.
    """
    if effect is None or not 0 < exposed <= 1:
        return None
    return Effect(effect.difference / exposed, effect.low / exposed, effect.high / exposed, effect.p)


def fixed(metric: Measured, masks: tuple[Mask, Mask]) -> Effect | None:
    """The ordinary interval, for those who look once, at a size that they fixed before; None where it is refused."""
    return fixed_horizon(metric_estimate(metric, *masks))


def by_cohort(
    metric: Measured, masks: tuple[Mask, Mask], dimensions: Mapping[str, Column], n_star: float
) -> tuple[tuple[str, tuple[CohortEffect, ...]], ...]:
    """(dimension, effects on the metric by its values) where both arms have people of at least two values.

    e-BH is held over all dimensions together: each gets its part of the share of false discoveries.
    """
    out = []
    y = (metric.columns["count"] > 0).astype(np.float64)
    x = (metric.columns["count_before"] > 0).astype(np.float64)
    for name, values in dimensions.items():
        both = sorted(set(values[masks[0]]) & set(values[masks[1]]))
        if len(both) < 2:
            continue
        pairs = {
            str(value): tuple(moments_of(y[arm & (values == value)], None, x[arm & (values == value)]) for arm in masks)
            for value in both
        }
        sums = {value: (pair[0], pair[1]) for value, pair in pairs.items()}
        out.append((name, cohort_effects(sums, n_star, q=Q / len(dimensions))))
    return tuple(out)


def over_weeks(metric: Measured, masks: tuple[Mask, Mask], n_star: float) -> Novelty | None:
    """The effect by week since the decision, of people who have been watched for all the weeks; None before one."""
    ages = metric.columns["age_days"]
    weeks = int(min(metric.spec.window_days, max(int(ages.max(initial=0)), 0)) // 7)
    if weeks < 1:
        return None
    old = ages >= weeks * 7
    sides = [weekly_outcomes(metric.columns["day"][arm & old].tolist(), weeks) for arm in masks]
    return novelty(sides[0], sides[1], n_star) if min(len(side) for side in sides) else None


def concurrent(joined: Column, masks: tuple[Mask, Mask]) -> tuple[tuple[Mask, Mask], str]:
    """(the masks of whoever came when both arms were drawn, the day from which they were; '' from the start).

    An arm that was added later is only held against people who came in its own time: the others met another season.
    """
    if not (masks[0].any() and masks[1].any()):
        return masks, ""
    starts = [min(joined[mask]) for mask in masks]
    if starts[0] == starts[1]:
        return masks, ""
    since = max(starts)
    return (masks[0] & (joined >= since), masks[1] & (joined >= since)), str(since)
