"""Style rules, where the whole gate's tests leave gaps."""

import pytest

from tailorbird.stages.validation.ground import Ground
from tailorbird.stages.validation.lexicon import lexicon_for
from tailorbird.stages.validation.reading import read_draft
from tailorbird.stages.validation.style import check_echo, check_finished
from tailorbird.types.brand import Brand
from tailorbird.types.brief import Limits
from tailorbird.types.slot_text import SlotText


def ground(reason: str = "") -> Ground:
    return Ground(
        "body", Limits(90), {}, {}, {}, Brand("W", "", {}, (), {}, {}, {}), "en-GB", reason, lexicon_for("en")
    )


def test_a_reason_of_two_words_is_no_echo() -> None:
    assert list(check_echo(read_draft(SlotText.parse("Back again, you say")), ground("back again"))) == []


@pytest.mark.parametrize(
    "text", ["Look at this (and there", "We have a thing,", "It goes with your", "Worth a look at? The one here"]
)
def test_a_line_that_stops_in_the_middle_is_found(text: str) -> None:
    assert [f.type for f in check_finished(read_draft(SlotText.parse(text)), ground())] == ["unfinished"]
