"""Boosted trees as a regressor of uplift learners: scikit-learn's histogram gradient boosting."""

import os
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tailorbird.ports.regressor import Predict, RegressorError

ROUNDS = 120
_FEW = 200


class BoostedTrees:
    """Least-squares boosted trees, small ones, early stopped on a tenth of the rows; equal rows give equal trees.

    Raises RegressorError at once where scikit-learn is not installed. With fewer than 200 rows it predicts the mean.
    """

    def __init__(self, seed: int = 0, rounds: int = ROUNDS) -> None:
        try:
            from sklearn.ensemble import HistGradientBoostingRegressor
        except ImportError as error:
            raise RegressorError("boosted trees need an extra: pip install 'tailorbird[uplift]'") from error
        self._make: Callable[[], Any] = lambda: HistGradientBoostingRegressor(
            max_iter=rounds,
            learning_rate=0.05,
            max_leaf_nodes=8,
            min_samples_leaf=100,
            early_stopping=True,
            random_state=seed,
        )

    def __call__(self, features: NDArray[np.float64], outcome: NDArray[np.float64]) -> Predict:
        """Fit trees on people × columns and one outcome each."""
        if len(outcome) < _FEW:
            mean = float(outcome.mean())
            return lambda given: np.full(len(given), mean)
        os.environ.setdefault("OMP_NUM_THREADS", "1")  # threads that wait for each other are slower than one
        model = self._make().fit(features, outcome)
        return lambda given: np.asarray(model.predict(given), dtype=np.float64)
