"""Sample ratio mismatch."""

import math

import numpy as np
import pytest
from scipy.stats import chi2, chisquare

from tailorbird.stages.measurement.srm import chi_square_tail, split_p, srm_blocks, srm_p


def test_the_planned_split_is_no_surprise() -> None:
    assert srm_p(900, 100, 0.1) == pytest.approx(1.0)


def test_p_is_the_chi_square_tail() -> None:
    """Chi-square 3.8415 with one degree of freedom has p = .05: 500 against 500 +- 31 of 1,000."""
    assert srm_p(531, 469, 0.5) == pytest.approx(0.04995, abs=1e-4)


def test_a_lost_tenth_of_an_arm_blocks() -> None:
    assert srm_blocks(srm_p(9_000, 850, 0.1))
    assert not srm_blocks(srm_p(9_000, 980, 0.1))


def test_nothing_was_split() -> None:
    assert srm_p(0, 0, 0.1) is None
    assert srm_p(10, 0, 0.0) is None
    assert not srm_blocks(None)


def test_a_share_above_one_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        srm_p(1, 1, 1.5)


@pytest.mark.slow
def test_fair_splits_rarely_block() -> None:
    rng = np.random.default_rng(3)
    held = rng.binomial(5_000, 0.1, 20_000)
    assert np.mean([srm_blocks(srm_p(5_000 - int(h), int(h), 0.1)) for h in held]) <= 0.002


def test_few_expected_people_are_judged_by_the_exact_test() -> None:
    """Binomial tails by hand: 2 or more of 500 at 0.1 % have probability 0.0902, 0 alone 0.6064."""
    assert srm_p(498, 2, 0.001) == pytest.approx(0.0901, abs=2e-4)
    assert srm_p(500, 0, 0.001) == pytest.approx(1.0)
    assert srm_p(2, 498, 0.999) == pytest.approx(srm_p(498, 2, 0.001))


def test_a_sound_split_with_few_expected_people_is_blocked_once_in_a_thousand_at_most() -> None:
    for n, share in ((500, 0.001), (2000, 0.001), (300, 0.01), (100, 0.05)):
        blocked = sum(
            math.comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(60) if srm_blocks(srm_p(n - k, k, share))
        )
        assert blocked <= 0.001


@pytest.mark.parametrize("degrees", [1, 2, 3, 4, 7, 40])
def test_the_tail_is_scipys(degrees: int) -> None:
    for value in (0.0, 0.3, 3.0, 15.0, 80.0, 400.0):
        assert chi_square_tail(value, degrees) == pytest.approx(chi2.sf(value, degrees), rel=1e-9)


def test_several_arms_are_tested_as_scipy_does() -> None:
    counts, shares = (310, 520, 205), (0.3, 0.5, 0.2)
    expected = [sum(counts) * share for share in shares]
    assert split_p(counts, shares) == pytest.approx(chisquare(counts, expected).pvalue, rel=1e-9)


def test_an_arm_of_few_people_is_tested_exactly_and_an_arm_that_was_not_there_is_impossible() -> None:
    assert srm_blocks(split_p((990, 990, 20), (0.4995, 0.4995, 0.001)))
    assert not srm_blocks(split_p((999, 999, 2), (0.4995, 0.4995, 0.001)))
    assert split_p((5, 5, 1), (0.5, 0.5, 0.0)) == 0.0
    assert split_p((5, 0), (1.0, 0.0)) is None


@pytest.mark.parametrize("shares", [(0.5, 0.6), (1.5, -0.5), (0.5, float("nan"))])
def test_shares_that_are_none_are_refused(shares: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="add up to 1"):
        split_p((1, 1), shares)
