"""What the check finds beyond parsing."""

from dataclasses import replace
from typing import Any

import pytest

from tailorbird.pipeline.check import check_project, known_variables
from tailorbird.stages.channels.template_error import TemplateError
from tailorbird.stages.features.compile import FeatureError
from tailorbird.stages.generation.prompt import PromptError


def spoil(opened: Any, part: str, old: str, new: str) -> Any:
    template = opened.project.templates["letter"]
    text = getattr(template, part)
    assert old in text
    return replace(opened.project, templates={"letter": replace(template, **{part: text.replace(old, new)})})


def test_the_example_is_all_right(opened: Any) -> None:
    assert check_project(opened.project) == []


def test_a_misspelt_variable_is_told_with_part_line_and_the_nearest(opened: Any) -> None:
    with pytest.raises(TemplateError, match=r"items.*\.nmae.*did you mean items\[\]\.name") as caught:
        check_project(spoil(opened, "text", "{{ items[0].name }}", "{{ items[0].nmae }}"))
    assert str(caught.value).startswith("letter/message.txt:7: ")


@pytest.mark.parametrize(
    ("name", "what"), [("links.unsubscribe", "unsubscribe"), ("legal.postal_address", "postal address")]
)
@pytest.mark.parametrize("part", ["text", "mjml"])
def test_the_law_asks_for_an_unsubscribe_link_and_an_address(opened: Any, part: str, name: str, what: str) -> None:
    with pytest.raises(TemplateError, match=what):
        check_project(spoil(opened, part, name, "brand.name"))


def test_liquid_that_does_not_parse_is_told(opened: Any) -> None:
    with pytest.raises(TemplateError):
        check_project(spoil(opened, "text", "{{ headline }}", "{% if headline %}"))


def test_a_feature_that_cannot_be_compiled_is_told(opened: Any) -> None:
    broken = replace(opened.project.features[0], window_days=-1)
    with pytest.raises(FeatureError, match="window_days"):
        check_project(replace(opened.project, features=(broken, *opened.project.features[1:])))


def test_blocks_without_approved_lines_are_warned_of(opened: Any) -> None:
    brand = replace(opened.project.brand, approved=tuple(x for x in opened.project.brand.approved if x.block != "cta"))
    warnings = check_project(replace(opened.project, brand=brand))
    assert "campaign win_back: no approved line for cta in de-DE" in warnings


def test_cells_of_fewer_than_twenty_people_are_warned_of(opened: Any) -> None:
    thin = replace(opened.campaign, briefs=replace(opened.campaign.briefs, k=5))
    warnings = check_project(replace(opened.project, campaigns={"win_back": thin}))
    assert len(warnings) == 1 and "briefs.k is 5" in warnings[0]


def test_auto_review_at_a_higher_risk_is_warned_of(opened: Any) -> None:
    risky = replace(opened.campaign, tags={"risk": "high"})
    warnings = check_project(replace(opened.project, campaigns={"win_back": risky}))
    assert warnings == ["campaign win_back: tags.risk is high, so review: auto is a queue for people"]


def test_declared_facts_and_blocks_are_variables(opened: Any) -> None:
    known = known_variables(opened.project, opened.project.templates["letter"], ["subject"])
    assert {"subject", "items[].material", "items[].price", "words.hello", "legal.why"} <= known


@pytest.mark.parametrize(
    ("section", "text"),
    [("system", '{% if language == "de" %}{{ voise }}{% endif %}'), ("user", "{{ facts.first.vale }}")],
)
def test_a_prompt_that_cannot_be_filled_is_told_with_file_and_section(opened: Any, section: str, text: str) -> None:
    prompts = {**opened.project.prompts, "headline": replace(opened.project.prompts["headline"], **{section: text})}
    with pytest.raises(PromptError, match=rf"^prompts/headline/v\d\.md: section '{section}': .*undefined"):
        check_project(replace(opened.project, prompts=prompts))
