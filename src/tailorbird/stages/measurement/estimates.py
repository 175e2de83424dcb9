"""Differences between two arms from running sums: means and shares, ratios, and both adjusted by a covariate.

CUPED (Deng, Xu, Kohavi and Walker, WSDM 2013): the outcome less θ times the covariate, where θ is the covariance over
the variance of both arms together. The covariate was known before the decision, so the difference stays unbiased; the
variance falls to 1 − r² of what it was. CUPAC is the same with a prediction as covariate (`cupac.py`).

A ratio metric, such as money per order, is the ratio of two means of people. Its variance is that of the linearised
outcome (y − R·b) / mean of b: the delta method (Deng, Knoblich and Lu, KDD 2018). The unit is the person, as it is in
the draw.
"""

import math
from collections.abc import Mapping

from tailorbird.stages.measurement.confidence_sequence import ALPHA, anytime_p, half_width_factor
from tailorbird.stages.measurement.moments import Moments
from tailorbird.types.effect import Effect
from tailorbird.types.estimate import Estimate


def estimate(treated: Moments, control: Moments, ratio: bool = False, adjust: bool = True) -> Estimate:
    """The difference of means of y, or, with `ratio`, of the ratios Σy/Σb; adjusted by x where x varies.

    `adjust` false leaves x out. Refused with `why`: an arm of fewer than two people, an outcome without variance, a
    denominator that is zero or less.
    """
    if why := _refusal(treated, control, ratio):
        return Estimate(treated.n, control.n, why=why)
    whole = treated + control
    theta = _theta(whole, ratio) if adjust else 0.0
    values, variances = [], []
    for arm in (treated, control):
        value, variance = _value(arm, whole, ratio, theta)
        values.append(value)
        variances.append(max(variance, 0.0) / arm.n)
    plain = sum(_value(arm, whole, ratio, 0.0)[1] / arm.n for arm in (treated, control))
    if sum(variances) <= 0:
        return Estimate(treated.n, control.n, why="the outcome is the same for everybody: it has no variance")
    return Estimate(
        treated.n,
        control.n,
        values[0] - values[1],
        values[0],
        values[1],
        math.sqrt(variances[0]),
        math.sqrt(variances[1]),
        kept=sum(variances) / plain if plain > 0 else 1.0,
    )


def _refusal(treated: Moments, control: Moments, ratio: bool) -> str:
    if min(treated.n, control.n) < 2:
        return f"a comparison needs two people in each arm; there are {treated.n:,.0f} and {control.n:,.0f}"
    if ratio and min(treated.b, control.b) <= 0:
        return "the denominator of the ratio is zero, or below, in an arm"
    if not all(math.isfinite(value) for arm in (treated, control) for value in (arm.yy, arm.bb, arm.xx)):
        return "an outcome is no finite number"
    return ""


def _linear(arm: Moments, centre: Moments, ratio: bool) -> tuple[float, float]:
    """(weight of y, weight of b) of the linearised outcome, around the means of `centre`."""
    if not ratio:
        return 1.0, 0.0
    return 1.0 / centre.mean("b"), -centre.y / centre.b / centre.mean("b")


def _theta(whole: Moments, ratio: bool) -> float:
    spread = whole.covariance("x", "x")
    if spread <= 0:
        return 0.0
    of_y, of_b = _linear(whole, whole, ratio)
    return (of_y * whole.covariance("y", "x") + of_b * whole.covariance("b", "x")) / spread


def _value(arm: Moments, whole: Moments, ratio: bool, theta: float) -> tuple[float, float]:
    """(what the arm is compared by, the variance of one person's linearised and adjusted outcome)."""
    of_y, of_b = _linear(arm, arm, ratio)
    weights = {"y": of_y, "b": of_b, "x": -theta}
    variance = math.fsum(
        one * other * arm.covariance(a, b)
        for a, one in weights.items()
        for b, other in weights.items()
        if one and other
    )
    value = arm.y / arm.b if ratio else arm.mean("y")
    return value - theta * (arm.mean("x") - whole.mean("x")), variance


def post_stratify(strata: Mapping[str, Estimate]) -> Estimate:
    """The difference inside strata, averaged by their people: chance imbalance between strata drops out.

    Strata that cannot be estimated are left out, and so are their people; refused with `why` where none is left
    (Miratrix, Sekhon and Yu, 2013).
    """
    able = [one for one in strata.values() if one.difference is not None]
    people = sum(one.people for one in able)
    treated, control = (sum(getattr(one, f"{arm}_people") for one in able) for arm in ("treated", "control"))
    if not people:
        return Estimate(0, 0, why="no stratum has two people in each arm and an outcome that varies")

    def mean(name: str) -> float:
        return math.fsum(one.people / people * getattr(one, name) for one in able)

    def error(name: str) -> float:
        return math.sqrt(math.fsum((one.people / people * getattr(one, name)) ** 2 for one in able))

    of_treated, of_control = mean("treated"), mean("control")
    errors = (error("treated_error"), error("control_error"))
    return Estimate(treated, control, of_treated - of_control, of_treated, of_control, *errors)


def always_valid(found: Estimate, n_star: float, alpha: float = ALPHA) -> Effect | None:
    """The estimate with the interval that holds at every look; None where there is no estimate.

    `n_star` is the number of people (both arms) at which it is tightest, fixed before outcomes. The relative bounds
    are on the log scale, and None where an arm is not surely above zero.
    """
    if found.difference is None or found.error <= 0:
        return None
    reach = half_width_factor(found.people, alpha, n_star)
    return with_bounds(found, reach, anytime_p(found.difference / found.error, found.people, alpha, n_star))


def with_bounds(found: Estimate, reach: float, p: float) -> Effect:
    """An estimate with bounds `reach` standard errors away on each side. Raises ValueError without an estimate."""
    if found.difference is None:
        raise ValueError(f"there is no estimate: {found.why}")
    half = reach * found.error
    effect = (found.difference, found.difference - half, found.difference + half, p)
    if found.treated <= 0 or found.control <= 0:
        return Effect(*effect)
    middle = math.log(found.treated / found.control)
    spread = reach * math.hypot(found.treated_error / found.treated, found.control_error / found.control)
    if spread > _WIDEST:
        return Effect(*effect)
    low, high = math.expm1(middle - spread), math.expm1(middle + spread)
    return Effect(*effect, relative=found.treated / found.control - 1.0, relative_low=low, relative_high=high)


_WIDEST = 5.0
"""A relative interval wider than a factor of e^5 to each side says nothing, and its approximation is not kept."""
