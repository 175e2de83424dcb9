"""CUPAC: the covariate is a prediction of the outcome from what was known before the decision.

After Tang, Huang, Kastelman and Bauman, "Control using predictions as covariates in switchback experiments" (DoorDash,
2020). Predictions are cross-fitted: a person's own outcome never has a part in that person's prediction, so the
prediction is a function of what was known before, and the adjusted difference stays unbiased. Whoever was drawn for
what is not among the predictors.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Columns = npt.NDArray[np.float64]
Regressor = Callable[[Columns, Columns, Columns], Columns]
"""(features to learn from, their outcomes, features to predict) → predictions."""

FOLDS = 5
RIDGE = 1e-3
"""The penalty, in parts of the number of rows, on standardised features."""


def ridge(features: Columns, outcomes: Columns, wanted: Columns) -> Columns:
    """Predictions of a ridge regression on standardised features and their squares."""
    middle, spread = features.mean(axis=0), features.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)

    def shaped(rows: Columns) -> Columns:
        standard = np.clip((rows - middle) / spread, -10.0, 10.0)
        return np.hstack([standard, standard**2])

    inside = shaped(features)
    centre, mean = inside.mean(axis=0), outcomes.mean()
    inside = inside - centre
    gram = inside.T @ inside + RIDGE * len(inside) * np.eye(inside.shape[1])
    weights = np.linalg.solve(gram, inside.T @ (outcomes - mean))
    return np.asarray(mean + (shaped(wanted) - centre) @ weights)


def cross_fit(features: Columns, outcomes: Columns, folds: npt.NDArray[np.int64], fit: Regressor = ridge) -> Columns:
    """A prediction for each person, learned from the people of other folds. The covariate x of `moments_of`.

    `features` is people × features, `folds` a number per person that does not depend on arm or outcome (a hash of the
    id). Raises ValueError for fewer than two folds or features that are no finite numbers.
    """
    if len(np.unique(folds)) < 2:
        raise ValueError("cross-fitting needs people in at least two folds")
    if not (np.isfinite(features).all() and np.isfinite(outcomes).all()):
        raise ValueError("a feature or an outcome is no finite number")
    found = np.empty(len(outcomes))
    for fold in np.unique(folds):
        inside = folds == fold
        found[inside] = fit(features[~inside], outcomes[~inside], features[inside])
    return found
