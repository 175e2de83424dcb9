"""Which lines each variant shows."""

import pytest

from tailorbird.stages.assignment.lines import VariantError, bears, compared_blocks, fresh_lines, variant_lines
from tailorbird.types.creative import Creative
from tailorbird.types.draft import Rung


def line(name: str, block: str = "subject", tone: str = "", rung: Rung = "model", locale: str = "en-GB") -> Creative:
    tags = {"tone": tone} if tone else {}
    return Creative(name, "", "c", block, locale, name, rung, name, tags, "approved", name)


LINES = [
    line("w", tone="warm"), line("p", tone="plain"), line("t", rung="template"),
    line("body1", "body"), line("body2", "body", rung="template"),
]  # fmt: skip
TAGS: dict[str, dict[str, str]] = {"control": {}, "warm": {"tone": "warm"}}


def test_only_blocks_with_such_a_line_differ_between_variants() -> None:
    assert compared_blocks(LINES, TAGS) == {"subject"}
    kept = variant_lines(LINES, "warm", TAGS["warm"], {"subject"}, {"en-GB"})
    assert [c.creative_id for c in kept] == ["w", "t", "body1", "body2"]
    assert variant_lines(LINES, "control", {}, {"subject"}, {"en-GB"}) == LINES


def test_a_tag_that_no_line_bears_is_refused() -> None:
    with pytest.raises(VariantError, match="tone: loud, and no approved line has that"):
        variant_lines(LINES, "loud", {"tone": "loud"}, frozenset(), {"en-GB"})


def test_a_locale_in_which_only_the_template_would_be_left_is_refused() -> None:
    german = line("d", tone="plain", locale="de-DE")
    with pytest.raises(VariantError, match="no line for subject in de-DE with tone: warm"):
        variant_lines([*LINES, german], "warm", TAGS["warm"], {"subject"}, {"en-GB", "de-DE"})


def test_equally_fresh_lines_are_those_that_nobody_saw_before_and_that_no_later_step_brought() -> None:
    assert fresh_lines(LINES, {"p"}, set()) == {"w", "t", "body1", "body2"}
    assert fresh_lines(LINES, {"p"}, {"w", "p"}) == {"w"}


def test_a_variant_whose_lines_were_all_seen_before_is_refused() -> None:
    with pytest.raises(VariantError, match="nobody saw before"):
        variant_lines(LINES, "control", {}, {"subject"}, {"en-GB"}, allowed=frozenset())


def test_a_line_bears_all_tags_or_not() -> None:
    assert bears(LINES[0], {"tone": "warm"}) and not bears(LINES[0], {"tone": "warm", "format": "question"})
