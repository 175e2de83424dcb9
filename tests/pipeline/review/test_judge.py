"""Rewritten lines are judged by what no approval can mend."""

from typing import Any

import pytest

from tailorbird.bootstrap.validation import open_validator
from tailorbird.pipeline.review.judge import ReviewError, judge_of, template_lines
from tailorbird.pipeline.validation.copy_check import copy_check

from .conftest import NOON, line


def test_what_no_approval_could_mend_is_found(opened: Any) -> None:
    judge = judge_of(opened.project, opened.items)
    assert judge(line("c", "A look at {{ item.name }}"), {}).status == "pass"
    assert "too_long" in {f.type for f in judge(line("c", "A look at this and " * 9), {}).findings}
    with pytest.raises(ReviewError, match=r"no slot 'item\.nmae'; did you mean 'item\.name'"):
        judge(line("c", "{{ item.nmae }}"), {})


def test_a_line_of_a_block_that_is_gone_cannot_be_judged(opened: Any) -> None:
    gone = line("c")
    gone = type(gone)(**{**{f: getattr(gone, f) for f in gone.__dataclass_fields__}, "block": "banner"})
    with pytest.raises(ReviewError, match="win_back/banner is in no campaign file"):
        judge_of(opened.project, opened.items)(gone, {})


def test_every_line_that_a_template_falls_back_to_is_known(opened: Any) -> None:
    text = opened.project.templates["letter"].lines["subject"]["en-GB"]
    assert ("win_back", "subject", "en-GB", text) in template_lines(opened.project)


def test_a_rewritten_line_is_held_to_the_facts_of_its_brief_s_item(opened: Any) -> None:
    check = copy_check(opened.project, open_validator(opened.project), opened.items, NOON)
    judge, notes = judge_of(opened.project, opened.items, check), {"brief": {"exemplar_item_id": "hobbin-kettle"}}
    false = judge(line("c", "A wooden kettle: {{ item.name }}"), notes)
    (found,) = [f for f in false.findings if f.severity == "error"]
    assert false.text[slice(*found.span)] == "wooden" and "enamelled steel" in found.evidence
    assert judge(line("c", "A steel kettle: {{ item.name }}"), notes).status != "block"
    assert judge(line("c", "A wooden kettle: {{ item.name }}"), {}).findings == (), (
        "nobody knows which item it is about"
    )
    gone = {"brief": {"exemplar_item_id": "sold-long-ago"}}
    assert judge(line("c", "A wooden kettle: {{ item.name }}"), gone).findings == ()
