"""Regressors that uplift learners are made of: ridge and logistic regression in numpy, their strength chosen inside.

A regressor is any function that takes features (people × columns) and an outcome per person, and gives a function
from features to predictions: a `Fit`. Those here need no package and no seed; `adapters/sklearn` has boosted trees.
Both choose their penalty by leave-one-out on the rows they are given and nothing else, so that where nothing can be
predicted they predict the mean.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from tailorbird.types.errors import TailorbirdError

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]
Predict = Callable[[Matrix], Vector]
Fit = Callable[[Matrix, Vector], Predict]

STRENGTHS = (1e-1, 1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e7)
"""Penalties that are tried, on standardised columns, in units of one person."""
_STEPS_MAX = 25


class OutcomeError(TailorbirdError):
    """Rows from which nothing can be fitted; the message says why."""


def fit_ridge(features: Matrix, outcome: Vector) -> Predict:
    """Least squares with a penalty on the slopes (Hoerl and Kennard, 1970), on standardised columns.

    The penalty is the one of STRENGTHS with the least leave-one-out error, which for ridge is exact without refitting:
    residual / (1 - leverage) (Allen's PRESS, 1974).
    """
    _check(features, outcome)
    middle, scale = _standards(features)
    x = (features - middle) / scale
    mean = float(outcome.mean())
    squares, axes = np.linalg.eigh(x.T @ x)  # columns by columns: cheap for any number of people
    squares = np.maximum(squares, 0.0)
    turned, gap, n = x @ axes, outcome - mean, len(outcome)
    along, spread = turned.T @ gap, turned**2
    best, least = STRENGTHS[-1], np.inf
    for strength in STRENGTHS:
        weight = 1.0 / (squares + strength)
        leverage = np.minimum(spread @ weight + 1.0 / n, 1 - 1e-9)
        error = float(np.mean(((gap - turned @ (weight * along)) / (1.0 - leverage)) ** 2))
        if error <= least:  # equal: the simpler one
            best, least = strength, error
    slopes = axes @ (along / (squares + best))
    return lambda given: mean + ((given - middle) / scale) @ slopes


def fit_logistic(features: Matrix, outcome: Vector) -> Predict:
    """Logistic regression of an outcome of 0 and 1 with a ridge penalty, by Newton's method; predicts probabilities.

    The penalty is made smaller, step by step in STRENGTHS, as long as the approximate leave-one-out deviance falls
    (Rahnama Rad and Maleki, 2020). An outcome that is always the same is predicted as it is. Raises OutcomeError for
    an outcome that is not 0 or 1.
    """
    _check(features, outcome)
    if not np.isin(outcome, (0.0, 1.0)).all():
        raise OutcomeError("logistic regression needs outcomes of 0 and 1")
    mean = float(outcome.mean())
    if mean in (0.0, 1.0):
        return lambda given: np.full(len(given), mean)
    middle, scale = _standards(features)
    x = np.column_stack([np.ones(len(features)), (features - middle) / scale])
    best, least = np.zeros(x.shape[1]), np.inf
    slopes = np.zeros(x.shape[1])
    slopes[0] = np.log(mean / (1 - mean))
    for strength in reversed(STRENGTHS):  # from the flattest on, each from the one before
        slopes, left_out = _newton(x, outcome, strength, slopes)
        deviance = float(np.mean(np.logaddexp(0, left_out) - outcome * left_out))
        if deviance >= least:
            break
        best, least = slopes, deviance
    return lambda given: _logistic(best[0] + ((given - middle) / scale) @ best[1:])


def _newton(x: Matrix, outcome: Vector, strength: float, start: Vector) -> tuple[Vector, Vector]:
    """(coefficients, each row's linear predictor as if it had been left out)."""
    slopes, penalty = start, np.full(x.shape[1], strength)
    penalty[0] = 1e-9
    for _ in range(_STEPS_MAX):
        chance = _logistic(x @ slopes)
        weight = np.maximum(chance * (1 - chance), 1e-9)
        hessian = (x * weight[:, None]).T @ x + np.diag(penalty)
        step = np.linalg.solve(hessian, x.T @ (outcome - chance) - penalty * slopes)
        slopes = slopes + step
        if float(np.abs(step).max()) < 1e-6:
            break
    chance = _logistic(x @ slopes)
    weight = np.maximum(chance * (1 - chance), 1e-9)
    hessian = (x * weight[:, None]).T @ x + np.diag(penalty)
    leverage = np.minimum(np.einsum("ij,ij->i", x, np.linalg.solve(hessian, x.T).T) * weight, 1 - 1e-6)
    return slopes, x @ slopes - leverage / (1 - leverage) * (outcome - chance) / weight


def _logistic(value: Vector) -> Vector:
    # In halves, so that no exponential overflows.
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * value)), dtype=np.float64)


def _standards(features: Matrix) -> tuple[Vector, Vector]:
    scale = features.std(axis=0)
    return features.mean(axis=0), np.where(scale > 1e-12, scale, 1.0)


def _check(features: Matrix, outcome: Vector) -> None:
    if not len(outcome) or len(features) != len(outcome):
        raise OutcomeError(f"a regressor needs one outcome per row, and at least one row (found {len(outcome)})")
    if not (np.isfinite(features).all() and np.isfinite(outcome).all()):
        raise OutcomeError("features and outcomes must be finite numbers")
