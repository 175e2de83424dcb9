import numpy as np
import pytest

from tailorbird.stages.simulation.response import PastCampaign, fit_response


def past(rates: list[float], held_rate: float = 0.05, people: float = 20_000) -> PastCampaign:
    n = np.full(len(rates), people)
    return PastCampaign("one", n, n * np.array(rates), n, n * held_rate)


def test_groups_with_much_data_keep_their_own_lift() -> None:
    assert fit_response([past([0.05, 0.10])], 2) == pytest.approx([0.0, 0.05], abs=0.002)


def test_groups_that_differ_by_chance_get_the_mean() -> None:
    found = fit_response([past([0.0501, 0.0502, 0.05], people=1_000)], 3)
    assert found == pytest.approx([0.0001] * 3, abs=1e-4)


def test_a_group_nobody_was_in_answers_like_the_others() -> None:
    one = past([0.07, 0.07])
    empty = PastCampaign("one", one.treated * [1, 0], one.treated_converted * [1, 0], one.held, one.held_converted)
    assert fit_response([empty], 2) == pytest.approx([0.02, 0.02])


def test_nothing_known_is_nothing() -> None:
    assert fit_response([], 2).tolist() == [0, 0]


def test_a_campaigns_lift_and_shares_are_those_of_its_people() -> None:
    one = past([0.05, 0.10])
    assert one.shares.tolist() == [0.5, 0.5]
    assert one.lift()[0] == pytest.approx(0.025)
