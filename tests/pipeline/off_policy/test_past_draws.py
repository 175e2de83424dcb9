from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from tailorbird.pipeline.off_policy.past_draws import NothingToReplayError, past_draws
from tailorbird.pipeline.reward_table import reward_table
from tailorbird.stages.off_policy.draws import UnusableDrawsError

pytestmark = pytest.mark.slow

DECIDED = datetime(2026, 9, 1, 8, tzinfo=UTC)
LATER = DECIDED + timedelta(days=100)


def test_every_draw_keeps_its_set_its_line_and_how_likely_it_was(past: Any) -> None:
    found = past.draws()
    assert [block.block for block in found.blocks] == ["preheader", "subject"]
    subject = found.blocks[1]
    assert subject.arms == ("", "cold", "plain", "warm")
    assert (subject.draws.propensity == subject.logged[subject.draws.situation, subject.draws.arm]).all()
    assert (len(found.step), found.people, found.unkept, found.open_windows) == (6_000, 6_000, 0, 0)


def test_steps_are_numbered_by_time_and_a_persons_draws_share_a_fold(past: Any) -> None:
    found = past.draws()
    assert found.decided[found.step == 0].max() < found.decided[found.step == 1].min()
    draws = found.blocks[0].draws
    assert len(np.unique(draws.fold)) == 4


def test_decisions_whose_window_is_open_are_left_out(past: Any) -> None:
    found = past.draws(DECIDED + timedelta(days=41))
    assert (len(found.step), found.open_windows, found.so_far) == (3_000, 3_000, False)


def test_while_no_window_is_over_all_count_with_what_they_earned_so_far(past: Any) -> None:
    found = past.draws(DECIDED + timedelta(days=2))
    assert found.so_far
    assert len(found.step) == 6_000


def test_decisions_of_which_no_set_was_kept_are_counted_and_left_out(past: Any) -> None:
    table = reward_table(past.campaign, past.made, past.warehouse, LATER)
    sets = {one.set_id: one for one in (past.sets["subject"][0], past.sets["preheader"][0])}
    found = past_draws(table, sets, 14, 5)
    assert (len(found.step), found.unkept) == (3_000, 3_000)
    with pytest.raises(NothingToReplayError, match="nobody kept what the lines were drawn from"):
        past_draws(table, {}, 14, 5)


def test_a_logged_propensity_of_zero_is_refused(make_past: Callable[..., Any]) -> None:
    past = make_past(people=40)
    broken = [replace(one, slate=tuple(replace(place, propensity=0.0) for place in one.slate)) for one in past.made[:1]]
    past.made[:1] = broken
    with pytest.raises(UnusableDrawsError, match="1 of 40 draws have a propensity that is 0"):
        past.draws()
