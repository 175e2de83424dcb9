"""Qini and AUUC: how well a score puts those first whom a treatment changes. The definitions, since there are several:

People are sorted by score, highest first; people with one score come together. Among the first k, with n_t treated
and n_c held out, and sums of outcomes y_t and y_c:

- the Qini curve is q(k) = y_t - y_c * n_t / n_c (Radcliffe, 2007), 0 where n_c is 0,
- the uplift curve is u(k) = (y_t / n_t - y_c / n_c) * k, with 0 for the mean of an empty arm.

The normalised Qini (AUUC) is the area between the curve and the straight line to its end, divided by the same area of
the perfect curve; areas by trapezoids over people. So 0 is a random order and 1 the perfect one, which knows outcomes.
For Qini it has the treated with the outcome first, whoever has no outcome next, the held out with it last. For AUUC
the treated with it and the held out without it come first; among these, and among the others, those with the outcome,
or the treated, whichever of "held out with it" and "treated without it" is more frequent. Both are as in scikit-uplift
0.5 (`qini_auc_score` and `uplift_auc_score`, negative effects allowed). Others divide by something else: such numbers
must not be compared with these.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from tailorbird.stages.uplift.regressors import Vector
from tailorbird.types.errors import TailorbirdError

Curve = tuple[NDArray[np.float64], NDArray[np.float64]]
_Bools = NDArray[np.bool_]
_Sums = Callable[[Vector, Vector, Vector, Vector], Vector]


class CurveError(TailorbirdError):
    """A curve that cannot be drawn; the message says why."""


def qini_curve(outcome: Vector, score: Vector, treated: _Bools) -> Curve:
    """(people, gained outcomes) at every distinct score, from (0, 0) on."""
    return _curve(outcome, score, treated, _qini)


def uplift_curve(outcome: Vector, score: Vector, treated: _Bools) -> Curve:
    """(people, uplift among them times their number) at every distinct score, from (0, 0) on."""
    return _curve(outcome, score, treated, _uplift)


def qini_score(outcome: Vector, score: Vector, treated: _Bools) -> float:
    """The normalised Qini: 0 for a random order, 1 for the perfect one, negative for a harmful one.

    Raises CurveError for outcomes other than 0 and 1, an arm without people, a score that is no number, or outcomes
    that no order can part.
    """
    return _normalised(outcome, score, treated, _qini, outcome * treated - outcome * ~treated)


def auuc_score(outcome: Vector, score: Vector, treated: _Bools) -> float:
    """The normalised area under the uplift curve; raises as `qini_score` does."""
    same = (outcome == 1) == treated
    more_held = (outcome[~treated] == 1).sum() > (outcome[treated] == 0).sum()
    return _normalised(outcome, score, treated, _uplift, 2.0 * same + (outcome if more_held else treated))


def bootstrap_interval(
    measure: Callable[[Vector, Vector, _Bools], float],
    outcome: Vector,
    score: Vector,
    treated: _Bools,
    rng: np.random.Generator,
    rounds: int = 200,
) -> tuple[float, float]:
    """A 95 % interval of a score by the bootstrap over people (percentiles), for a score that did not see them."""
    found = []
    for _ in range(rounds):
        rows = rng.integers(0, len(outcome), len(outcome))
        found.append(measure(outcome[rows], score[rows], treated[rows]))
    low, high = np.quantile(found, (0.025, 0.975))
    return float(low), float(high)


def _qini(n_t: Vector, n_c: Vector, y_t: Vector, y_c: Vector) -> Vector:
    return y_t - y_c * np.divide(n_t, n_c, out=np.zeros_like(n_t), where=n_c > 0)


def _uplift(n_t: Vector, n_c: Vector, y_t: Vector, y_c: Vector) -> Vector:
    mean_t = np.divide(y_t, n_t, out=np.zeros_like(n_t), where=n_t > 0)
    mean_c = np.divide(y_c, n_c, out=np.zeros_like(n_c), where=n_c > 0)
    return np.asarray((mean_t - mean_c) * (n_t + n_c), dtype=np.float64)


def _curve(outcome: Vector, score: Vector, treated: _Bools, sums: _Sums) -> Curve:
    order = np.argsort(-score, kind="stable")
    y, t, s = outcome[order].astype(np.float64), treated[order].astype(np.float64), score[order]
    ends = np.append(np.flatnonzero(np.diff(s)), len(s) - 1)
    n_t, y_t, y_all = np.cumsum(t)[ends], np.cumsum(y * t)[ends], np.cumsum(y)[ends]
    people = ends + 1.0
    values = sums(n_t, people - n_t, y_t, y_all - y_t)
    return np.concatenate([[0.0], people]), np.concatenate([[0.0], values])


def _normalised(outcome: Vector, score: Vector, treated: _Bools, sums: _Sums, best: Vector) -> float:
    if not np.isin(outcome, (0, 1)).all():
        raise CurveError("a normalised curve needs outcomes of 0 and 1: the perfect order is not defined for others")
    if not np.isfinite(score).all():
        raise CurveError("a score is no number")
    if treated.all() or not treated.any():
        raise CurveError("a curve needs people in both arms")
    perfect = _area(_curve(outcome, best, treated, sums))
    if perfect <= 0:
        raise CurveError("no order can part these outcomes: everybody's is the same")
    return _area(_curve(outcome, score, treated, sums)) / perfect


def _area(curve: Curve) -> float:
    """Between the curve and the straight line to its end."""
    people, values = curve
    under = float(np.sum((values[1:] + values[:-1]) / 2 * np.diff(people)))
    return under - float(people[-1] * values[-1] / 2)
