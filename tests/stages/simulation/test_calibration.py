import numpy as np
import pytest

from tailorbird.stages.simulation.calibration import simulate_lift
from tailorbird.stages.simulation.response import PastCampaign
from tailorbird.types.simulated_lift import LABEL

GROUPS = 4
EFFECT = np.array([0.0, 0.01, 0.03, 0.06])
"""Planted lift of each group."""


def campaign(
    generator: np.random.Generator, effect: np.ndarray, own: float = 0.0, people: int = 12_000
) -> tuple[PastCampaign, float, np.ndarray]:
    """(a past campaign, its true lift, its shares): `own` is the spread of what no group explains."""
    shares = generator.dirichlet(np.ones(GROUPS))
    extra = generator.normal(0, own)
    base = np.array([0.03, 0.06, 0.09, 0.12])
    treated, held = generator.multinomial(people // 2, shares), generator.multinomial(people // 2, shares)
    past = PastCampaign(
        "one",
        treated.astype(float), generator.binomial(treated, base + effect + extra).astype(float),
        held.astype(float), generator.binomial(held, base).astype(float),
    )  # fmt: skip
    return past, float(shares @ effect) + extra, shares


def world(seed: int, effect: np.ndarray, campaigns: int = 10) -> tuple[list[PastCampaign], float, np.ndarray]:
    """(past campaigns, the true lift of one that is to come, its shares)."""
    generator = np.random.default_rng(seed)
    made = [campaign(generator, effect, 0.004)[0] for _ in range(campaigns)]
    _, lift, shares = campaign(generator, effect, 0.004)
    return made, lift, shares


@pytest.mark.slow
def test_on_unseen_campaigns_slope_sign_and_interval_are_right_and_the_mean_is_beaten() -> None:
    told, true, means, held = [], [], [], 0
    for seed in range(150):
        past, lift, shares = world(seed, EFFECT)
        found = simulate_lift(past, shares)
        assert found.lift is not None and found.low is not None and found.high is not None
        told.append(found.lift)
        true.append(lift)
        means.append(float(np.mean([one.lift()[0] for one in past])))
        held += found.low <= lift <= found.high
    a, b = np.array(told), np.array(true)
    slope = np.cov(a, b)[0, 1] / a.var(ddof=1)
    assert 0.8 <= slope <= 1.2
    assert 0.85 <= held / 150 <= 0.96
    assert np.mean(np.sign(a) == np.sign(b)) > 0.95
    assert np.mean((a - b) ** 2) < 0.7 * np.mean((np.array(means) - b) ** 2)


@pytest.mark.slow
def test_where_people_do_not_differ_the_mean_past_lift_is_told() -> None:
    slopes = [simulate_lift(*world(seed, np.full(GROUPS, 0.02))[::2]).slope for seed in range(40)]
    assert np.median([slope or 0.0 for slope in slopes]) == 0


def test_identical_campaigns_differ_by_exactly_nothing() -> None:
    past, _, shares = world(3, EFFECT)
    one, other = simulate_lift(past, shares), simulate_lift(past, shares.copy())
    assert one.lift is not None and other.lift is not None
    assert one.lift - other.lift == 0


@pytest.mark.slow
def test_a_null_world_is_not_told_as_a_lift() -> None:
    surely = 0
    for seed in range(60):
        past, _, shares = world(seed, np.zeros(GROUPS))
        found = simulate_lift(past, shares)
        assert found.low is not None and found.high is not None
        surely += found.low > 0.004 or found.high < -0.004
    assert surely <= 3


@pytest.mark.parametrize("count", [0, 4])
def test_too_few_past_campaigns_give_no_number(count: int) -> None:
    past, _, shares = world(1, EFFECT, count)
    found = simulate_lift(past, shares)
    assert (found.lift, found.low, found.high) == (None, None, None)
    assert found.why == f"{count} past campaigns with a holdout have 25 conversions in each arm; 5 are needed"


def test_a_campaign_with_a_holdout_of_three_people_does_not_count() -> None:
    past, _, shares = world(1, EFFECT, 5)
    tiny = PastCampaign(
        "tiny", np.full(GROUPS, 500.0), np.full(GROUPS, 50.0), np.array([3.0, 0, 0, 0]), np.zeros(GROUPS)
    )
    assert simulate_lift([*past[:4], tiny], shares).lift is None


def test_every_answer_says_what_it_is() -> None:
    past, _, shares = world(1, EFFECT)
    assert simulate_lift(past, shares).label == LABEL == "simulation, not evidence"
