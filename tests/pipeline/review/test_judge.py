"""Rewritten lines are judged by what no approval can mend."""

from typing import Any

import pytest

from tailorbird.pipeline.review.judge import ReviewError, judge_of, template_lines

from .conftest import line


def test_what_no_approval_could_mend_is_found(opened: Any) -> None:
    judge = judge_of(opened.project, opened.items)
    assert judge(line("c", "A look at {{ item.name }}")).status == "pass"
    assert "too_long" in {f.type for f in judge(line("c", "A look at this and " * 9)).findings}
    with pytest.raises(ReviewError, match=r"no slot 'item\.nmae'; did you mean 'item\.name'"):
        judge(line("c", "{{ item.nmae }}"))


def test_a_line_of_a_block_that_is_gone_cannot_be_judged(opened: Any) -> None:
    gone = line("c")
    gone = type(gone)(**{**{f: getattr(gone, f) for f in gone.__dataclass_fields__}, "block": "banner"})
    with pytest.raises(ReviewError, match="win_back/banner is in no campaign file"):
        judge_of(opened.project, opened.items)(gone)


def test_every_line_that_a_template_falls_back_to_is_known(opened: Any) -> None:
    text = opened.project.templates["letter"].lines["subject"]["en-GB"]
    assert ("win_back", "subject", "en-GB", text) in template_lines(opened.project)
