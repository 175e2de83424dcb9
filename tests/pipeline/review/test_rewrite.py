"""An edit is another line; what cannot be mended by approval is refused."""

from typing import Any

import pytest

from tailorbird.pipeline.review.judge import ReviewError
from tailorbird.types.verdict import Finding, Verdict


def edit(office: Any, text: str, name: str = "c_1") -> Any:
    return office.desk.edit(name, office.who("Ana"), text).creative


def test_an_edit_keeps_where_it_came_from_and_who_edited_it(office: Any) -> None:
    office.add("c_1", tags={"legal": "yes"})
    made = edit(office, "At {{ item.price }}, is this for you?")
    notes = office.state.creatives.get(made.creative_id)[1]
    assert (notes["edited_from"], notes["edited_by"], notes["editors"]) == ("c_1", "Ana", ["Ana"])
    assert (notes["prompt_authors"], notes["brief"]["family"]) == (["Pia"], "kettles")
    assert (made.tags["format"], made.tags["mentions"], made.tags["legal"]) == ("question", "price", "yes")
    assert office.creative("c_1").text == "Worth a look: {{ item.name }}"
    assert office.state.creatives.reviews("c_1")[-1]["reason"] == f"edited into {made.creative_id}"


def test_edits_that_make_no_line_are_one_error(office: Any) -> None:
    office.add("c_1")
    office.add("c_2", "Another: {{ item.name }}")
    with pytest.raises(ReviewError, match="not a slot"):
        edit(office, "{{ item }}")
    made = edit(office, "Once more: {{ item.name }}")
    with pytest.raises(ReviewError, match=f"there already: {made.creative_id}"):
        edit(office, "Once more: {{ item.name }}", "c_2")
    with pytest.raises(ReviewError, match=r"too_long at .*; the line stays as it was"):
        edit(office, "See this and " * 9, "c_2")
    assert office.creative("c_2").approval == "pending"
    office.add("c_3", "Mine: {{ item.name }}", rung="approved")
    with pytest.raises(ReviewError, match=r"brand/approved\.yaml: change it there"):
        edit(office, "Other", "c_3")
    office.add("c_4", "Its: {{ item.name }}", rung="template")
    with pytest.raises(ReviewError, match=r"lines\.yaml: change it there"):
        edit(office, "Other", "c_4")


def test_the_finding_that_stops_an_edit_is_told(office: Any) -> None:
    from tailorbird.pipeline.review.rewrite import rewrite_line

    office.add("c_1")
    found = Finding("policy", "error", (0, 5), "disallowed", "never said", "Never")
    with pytest.raises(ReviewError, match="disallowed at 0–5: never said; the line stays"):
        rewrite_line(
            office.state.creatives,
            office.creative("c_1"),
            {},
            "Never",
            "Ana",
            lambda: lambda *_: Verdict("block", (found,)),
        )
