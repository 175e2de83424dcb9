from dataclasses import replace
from typing import Any

import pytest

from tailorbird.pipeline.pilots.narrow import narrow
from tailorbird.pipeline.select_people import EmptyAudienceError
from tailorbird.stages.pilots.progress import in_slice


@pytest.mark.slow
def test_only_people_of_the_slice_take_part_and_both_arms_shrink(opened: Any) -> None:
    whole = opened.selection
    part = narrow(whole, "win_back", 0.4)
    people = {whole.profiles[row].person_id for row in [*part.treated, *part.holdout]}
    assert people == {
        whole.profiles[row].person_id
        for row in [*whole.treated, *whole.holdout]
        if in_slice("win_back", whole.profiles[row].person_id, 0.4)
    }
    assert 0 < len(part.treated) < len(whole.treated) and 0 < len(part.holdout) < len(whole.holdout)
    outside = len(whole.treated) + len(whole.holdout) - len(people)
    assert part.excluded["pilot"] == outside
    assert narrow(whole, "win_back", 1.0) is whole


def test_variants_stay_with_their_people(opened: Any) -> None:
    whole = opened.selection
    named = replace(whole, variants=[whole.profiles[row].person_id for row in whole.treated])
    part = narrow(named, "win_back", 0.4)
    assert list(part.variants) == [part.profiles[row].person_id for row in part.treated]


def test_the_holdout_of_all_campaigns_is_narrowed_like_the_others(opened: Any) -> None:
    whole = replace(opened.selection, treated=opened.selection.treated[100:])
    whole = replace(whole, global_holdout=opened.selection.treated[:100])
    part = narrow(whole, "win_back", 0.4)
    held = [row for row in whole.global_holdout if in_slice("win_back", whole.profiles[row].person_id, 0.4)]
    assert list(part.global_holdout) == held and 0 < len(held) < 100


def test_a_slice_of_nobody_is_told(opened: Any) -> None:
    with pytest.raises(EmptyAudienceError, match="holds nobody"):
        narrow(opened.selection, "win_back", 1e-9)
