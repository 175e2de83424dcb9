"""Normal scores of a linear model, for many people and for one."""

import numpy as np
import pytest

from tailorbird.stages.bandits.linear_scores import AloneScores, ContextError, Units, posterior, score_blocks

UNITS = Units(np.array([3.0, -1.0, 1e6]), np.array([2.0, 0.5, 1e3]))


def made(steepness: float) -> tuple[np.ndarray, np.ndarray]:
    """θ and P of five arms; the largest eigenvalue of P is `steepness` times the smallest."""
    rng = np.random.default_rng(3)
    turned = np.linalg.qr(rng.normal(size=(5, 4, 4)))[0]
    eigen = np.geomspace(1, steepness, 4) * 1e-3
    return rng.normal(size=(5, 4)), turned @ (eigen[:, None] * turned.transpose(0, 2, 1))


def people(count: int) -> np.ndarray:
    return UNITS.center + UNITS.scale * np.random.default_rng(4).normal(size=(count, 3))


@pytest.mark.parametrize("steepness", [1.0, 1500.0, 1e6])
def test_means_and_deviations_are_those_of_the_formula_in_any_block_and_for_one_person(steepness: float) -> None:
    theta, spreads = made(steepness)
    context, known = people(5000), posterior(theta, spreads)
    x = np.column_stack([np.ones(5000), (context - UNITS.center) / UNITS.scale])
    deviation = np.sqrt(np.einsum("ni,kij,nj->kn", x, spreads, x))
    blocks = list(score_blocks(known, UNITS, context, 5000))
    assert [here.start for here, *_ in blocks] == list(range(0, 5000, known.rows)) and len(blocks) > 1
    for here, mean, spread in blocks:
        assert np.allclose(mean, theta @ x[here].T, atol=1e-5)
        assert np.allclose(spread, deviation[:, here], rtol=1e-3)
    of_one, spread_of_one = AloneScores(known, UNITS)(tuple(context[7].tolist()))
    assert np.allclose(of_one, theta @ x[7], atol=1e-5) and np.allclose(spread_of_one, deviation[:, 7], rtol=1e-3)


def test_roots_are_used_only_where_sums_of_products_would_lose_digits() -> None:
    assert posterior(*made(1500.0)).weights is not None
    assert posterior(*made(1e6)).weights is None


def test_without_a_context_everybody_is_average() -> None:
    theta, spreads = made(10.0)
    ((_, mean, deviation),) = score_blocks(posterior(theta, spreads), UNITS, None, 2)
    assert np.allclose(mean, theta[:, :1]) and np.allclose(deviation, np.sqrt(spreads[:, 0, :1]))


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_a_number_that_is_none_is_refused_in_a_batch_and_alone(wrong: float) -> None:
    context = people(3)
    context[1, 2] = wrong
    known = posterior(*made(10.0))
    with pytest.raises(ContextError, match="finite"):
        list(score_blocks(known, UNITS, context, 3))
    with pytest.raises(ContextError, match="finite"):
        AloneScores(known, UNITS)(tuple(context[1].tolist()))


def test_another_number_of_features_is_refused() -> None:
    with pytest.raises(ContextError, match="learned from 3 features and is asked with 2"):
        list(score_blocks(posterior(*made(10.0)), UNITS, np.zeros((2, 2)), 2))
