"""Boosted trees as a regressor."""

import builtins
from typing import Any

import numpy as np
import pytest

from tailorbird.adapters.sklearn.boosted_trees import BoostedTrees
from tailorbird.ports.regressor import RegressorError


@pytest.mark.slow
def test_trees_find_a_step_that_no_line_does_and_are_the_same_each_time() -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is the extra `uplift`")
    rng = np.random.default_rng(1)
    x = rng.normal(size=(3000, 2))
    y = np.sign(x[:, 0] * x[:, 1]) + rng.normal(0, 0.1, 3000)
    given = np.array([[1.0, 1.0], [1.0, -1.0]])
    one, two = BoostedTrees(3)(x, y)(given), BoostedTrees(3)(x, y)(given)
    assert one.tolist() == two.tolist()
    assert one[0] > 0.7
    assert one[1] < -0.7


def test_few_rows_give_the_mean() -> None:
    pytest.importorskip("sklearn", reason="scikit-learn is the extra `uplift`")
    assert BoostedTrees()(np.zeros((3, 1)), np.array([1.0, 2, 3]))(np.zeros((2, 1))).tolist() == [2.0, 2.0]


def test_without_the_package_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.startswith("sklearn"):
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(RegressorError, match=r"tailorbird\[uplift\]"):
        BoostedTrees()
