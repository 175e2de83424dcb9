"""What the review API takes, and how a line is answered."""

import msgspec
import pytest

from tailorbird.testing.review_conformance import example_act, example_entry, example_line
from tailorbird.types.review import QueuedLine, Rendering
from tailorbird.web.api.review_types import ReviewApproval, ReviewRejection, line_of, shown

QUEUED = QueuedLine(example_entry("c_1", needs=("reviewer", "legal")), example_line("c_1", "approved"))


def test_a_line_is_answered_with_its_place_in_the_queue() -> None:
    told = line_of(QUEUED)
    assert (told.needs, told.usable, told.tags, told.state) == (["reviewer", "legal"], True, {}, "waiting")


def test_a_line_without_a_rendering_is_shown_all_the_same() -> None:
    told = shown(QUEUED, {"model": None}, [example_act("c_1", "comment")], Rendering())
    assert (told.texts, told.message.line, told.model, told.acts[0].by) == ([], None, "", "ana")
    assert msgspec.json.decode(msgspec.json.encode(told))["line"]["creative_id"] == "c_1"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (ReviewApproval, b'{"hash": "abc"}'),
        (ReviewApproval, b'{"hash": "ABCDEF123456"}'),
        (ReviewApproval, b'{"hash": "abcdef123456", "by": "eve"}'),
        (ReviewRejection, b'{"reason": ""}'),
    ],
)
def test_what_is_no_act_is_refused(kind: type, body: bytes) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(body, type=kind)
