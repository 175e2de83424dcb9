"""Effects by cohort: planted ones are found, false ones stay few, small cohorts are told and not tested."""

import numpy as np
import pytest

from tailorbird.stages.measurement.cohorts import cohort_effects, e_bh
from tailorbird.stages.measurement.moments import Moments, moments_of

RNG = np.random.default_rng(23)


def cohort(effect: float, n: int = 2000) -> tuple[Moments, Moments]:
    return moments_of(RNG.normal(effect, 1, n)), moments_of(RNG.normal(0, 1, n))


def test_e_bh_takes_the_largest_values_as_long_as_they_reach_the_line() -> None:
    assert e_bh([100.0, 1.0, 24.0, 16.0, 0.0], 0.1) == (True, False, False, False, False)
    assert e_bh([100.0, 1.0, 25.0, 16.0, 0.0], 0.1) == (True, False, True, False, False)
    assert e_bh([], 0.1) == ()


def test_the_cohort_with_an_effect_of_its_own_is_found_and_differs() -> None:
    found = cohort_effects({"new": cohort(0.5), **{f"old {i}": cohort(0.0) for i in range(7)}}, 32_000.0)
    assert [one.cohort for one in found if one.found] == ["new"]
    assert "new" in [one.cohort for one in found if one.differs]
    assert found[0].effect is not None
    assert found[0].effect.low > 0


def test_one_effect_for_everybody_makes_no_cohort_differ() -> None:
    found = cohort_effects({str(i): cohort(0.4) for i in range(6)}, 24_000.0)
    assert all(one.found for one in found)
    assert not any(one.differs for one in found)


@pytest.mark.slow
def test_false_discoveries_are_rarer_than_q() -> None:
    false = sum(any(one.found for one in cohort_effects({str(i): cohort(0.0, 120) for i in range(10)}, 2400.0))
                for _ in range(100))  # fmt: skip
    assert false <= 10


def test_small_and_constant_cohorts_are_shown_without_an_effect() -> None:
    same = moments_of(np.ones(500))
    found = cohort_effects({"tiny": cohort(1.0, 3), "same": (same, same), "big": cohort(0.0)}, 5000.0)
    assert [one.effect is None for one in found] == [True, True, False]
    assert "100 people" in found[0].why
    assert "no variance" in found[1].why
    assert found[2].e_differs == 0.0
