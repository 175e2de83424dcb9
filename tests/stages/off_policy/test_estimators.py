from typing import Any

import numpy as np
import pytest

from tailorbird.stages.off_policy.estimators import BIASED, ESTIMATORS, estimate_all, influences


@pytest.fixture
def columns() -> tuple[np.ndarray, ...]:
    generator = np.random.default_rng(1)
    w = generator.exponential(1.0, 2_000)
    r = (generator.random(2_000) < 0.1).astype(float)
    return w, r, np.full(2_000, 0.1), np.full(2_000, 0.12)


def test_each_estimate_is_the_published_formula(columns: Any) -> None:
    w, r, q, v = columns
    means = {name: float(parts.mean()) for name, parts in influences(w, r, q, v).items()}
    assert means["dm"] == pytest.approx(0.12)
    assert means["ips"] == pytest.approx(np.mean(w * r))
    assert means["snips"] == pytest.approx(np.sum(w * r) / np.sum(w))
    assert means["dr"] == pytest.approx(np.mean(v + w * (r - q)))
    assert means["sndr"] == pytest.approx(0.12 + np.sum(w * (r - q)) / np.sum(w))
    assert set(means) == set(ESTIMATORS)


def test_shrunk_estimates_lie_on_their_grid(columns: Any) -> None:
    w, r, q, v = columns
    parts = influences(w, r, q, v)
    shrunk = [w if lam == np.inf else lam * w / (w * w + lam) for lam in (1, 10, 100, 1_000, 10_000, 100_000, np.inf)]
    assert any(np.allclose(parts["dros"], v + one * (r - q)) for one in shrunk)
    cut = [np.where(w <= at, w, 0) for at in (1, 2, 5, 10, 20, 50, 100, np.inf)]
    assert any(np.allclose(parts["switch_dr"], v + one * (r - q)) for one in cut)


def test_a_policy_that_draws_nothing_of_the_log_has_no_self_normalised_estimate(world: Any) -> None:
    draws = world.log(100, np.random.default_rng(1))
    nothing = np.zeros(100)
    found = estimate_all(draws, nothing, nothing, nothing)
    assert np.isnan(found["snips"].value) and found["snips"].low is None


def test_only_estimates_without_bias_have_an_interval(world: Any) -> None:
    draws = world.log(2_000, np.random.default_rng(1))
    q = np.full(2_000, 0.05)
    found = estimate_all(draws, draws.weights(np.full((2, 3), 1 / 3)), q, q)
    assert {name for name, one in found.items() if one.low is None} == set(BIASED)


def test_the_logs_own_policy_earned_what_it_earned(world: Any) -> None:
    draws = world.log(5_000, np.random.default_rng(2))
    q = np.full(5_000, 0.05)
    found = estimate_all(draws, draws.weights(world.logged), q, q)
    assert found["dr"].difference == pytest.approx(0)
    assert (found["ips"].difference_low, found["ips"].difference_high) == (0, 0)
