"""What the check finds beyond parsing."""

from dataclasses import replace
from typing import Any

import pytest

from tailorbird.pipeline.check import check_project, known_variables
from tailorbird.project.errors import ProjectError
from tailorbird.stages.channels.template_error import TemplateError
from tailorbird.stages.generation.prompt import PromptError
from tailorbird.types.audience import AudienceRule


def spoil(opened: Any, part: str, old: str, new: str) -> Any:
    template = opened.project.templates["letter"]
    text = getattr(template, part)
    assert old in text
    return replace(opened.project, templates={"letter": replace(template, **{part: text.replace(old, new)})})


@pytest.mark.slow
def test_the_example_is_all_right(opened: Any) -> None:
    assert check_project(opened.project) == []


def test_a_misspelt_variable_is_told_with_part_line_and_the_nearest(opened: Any) -> None:
    with pytest.raises(TemplateError, match=r"items.*\.nmae.*did you mean items\[\]\.name") as caught:
        check_project(spoil(opened, "text", "{{ items[0].name }}", "{{ items[0].nmae }}"))
    assert str(caught.value).startswith("letter/message.txt:7: ")


def test_the_link_to_the_preference_page_is_known_and_its_misspelling_told(opened: Any) -> None:
    with pytest.raises(TemplateError, match=r"did you mean links\.preferences"):
        check_project(spoil(opened, "text", "{{ links.preferences }}", "{{ links.preference }}"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "what"), [("links.unsubscribe", "unsubscribe"), ("legal.postal_address", "postal address")]
)
@pytest.mark.parametrize("part", ["text", "mjml"])
def test_the_law_asks_for_an_unsubscribe_link_and_an_address(opened: Any, part: str, name: str, what: str) -> None:
    with pytest.raises(TemplateError, match=what):
        check_project(spoil(opened, part, name, "brand.name"))


@pytest.mark.slow
@pytest.mark.parametrize(
    "hidden", ["{% comment %}{{ links.unsubscribe }}{% endcomment %}", "<!-- {{ links.unsubscribe }} -->"]
)
def test_what_stands_in_a_comment_is_not_there(opened: Any, hidden: str) -> None:
    with pytest.raises(TemplateError, match="unsubscribe"):
        check_project(spoil(opened, "text", "{{ links.unsubscribe }}", hidden))


@pytest.mark.parametrize("address", ["", "  ", " - "])
def test_a_blank_postal_address_is_refused_with_its_place(opened: Any, address: str) -> None:
    settings = opened.project.settings
    blank = replace(settings, sender=replace(settings.sender, postal_address=address))
    with pytest.raises(ProjectError, match=r"tailorbird\.yaml.*sender\.postal_address"):
        check_project(replace(opened.project, settings=blank))


@pytest.mark.parametrize(
    ("field", "address", "why"),
    [
        ("email", "post@wren", r"sender\.email.*no address: the domain has no dot"),
        ("email", "Wren <post@wren.example>", r"sender\.email.*no address"),
        ("reply_to", "post@bücher.example", r"sender\.reply_to.*write it as post@xn--bcher-kva\.example"),
    ],
)
def test_a_sender_that_nobody_can_answer_is_refused_with_its_place(
    opened: Any, field: str, address: str, why: str
) -> None:
    settings = opened.project.settings
    changed: dict[str, Any] = {field: address}
    with pytest.raises(ProjectError, match=why):
        check_project(replace(opened.project, settings=replace(settings, sender=replace(settings.sender, **changed))))


def test_liquid_that_does_not_parse_is_told(opened: Any) -> None:
    with pytest.raises(TemplateError):
        check_project(spoil(opened, "text", "{{ headline }}", "{% if headline %}"))


def test_a_feature_that_cannot_be_compiled_is_told(opened: Any) -> None:
    broken = replace(opened.project.features[0], window_days=-1)
    with pytest.raises(ProjectError, match=r"features\.yaml:\d+: 0\.window_days: "):
        check_project(replace(opened.project, features=(broken, *opened.project.features[1:])))


def test_an_audience_in_sql_that_cannot_be_read_is_told_with_its_file(opened: Any) -> None:
    audiences = {**opened.project.audiences, "vip": AudienceRule("vip", sql="ordrs_90d > 3")}
    with pytest.raises(ProjectError, match=r"vip\.yaml.*did you mean 'orders_90d'"):
        check_project(replace(opened.project, audiences=audiences))


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


@pytest.mark.slow
@pytest.mark.parametrize(
    ("section", "text"),
    [("system", '{% if language == "de" %}{{ voise }}{% endif %}'), ("user", "{{ facts.first.vale }}")],
)
def test_a_prompt_that_cannot_be_filled_is_told_with_file_and_section(opened: Any, section: str, text: str) -> None:
    prompts = {**opened.project.prompts, "headline": replace(opened.project.prompts["headline"], **{section: text})}
    with pytest.raises(PromptError, match=rf"^prompts/headline/v\d\.md: section '{section}': .*undefined"):
        check_project(replace(opened.project, prompts=prompts))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("base_url", "domain", "told"),
    [
        ("https://track.wren.example/", "wren.example", []),
        ("https://track.wren.example", "mail.wren.example", []),
        ("http://track.wren.example", "wren.example", ["base_url"]),
        ("https://127.0.0.1:8787", "other.example", ["base_url", "sender.email"]),
        ("https://track.wren.example", "notwren.example", ["sender.email"]),
    ],
)
def test_mail_that_really_leaves_needs_a_public_address_and_a_signer_of_its_own_domain(
    opened: Any, base_url: str, domain: str, told: list[str]
) -> None:
    before = opened.project.settings
    sender = replace(before.sender, email="hello@wren.example", domain=domain)
    relay = replace(before, base_url=base_url, sender=sender, delivery=replace(before.delivery, adapter="smtp"))
    assert [warning.split()[0] for warning in check_project(replace(opened.project, settings=relay))] == told


@pytest.mark.slow
@pytest.mark.parametrize(
    ("group", "file"),
    [("words", "add hello under de-DE in words.yaml"), ("legal", "add why under de-DE in brand/legal.yaml")],
)
def test_a_word_or_legal_line_is_needed_in_every_locale(opened: Any, group: str, file: str) -> None:
    project, template = opened.project, opened.project.templates["letter"]
    held, key = (template.words, "hello") if group == "words" else (project.brand.legal, "why")
    gap = {**held, "de-DE": {name: text for name, text in held["de-DE"].items() if name != key}}
    if group == "words":
        project = replace(project, templates={"letter": replace(template, words=gap)})
    else:
        project = replace(project, brand=replace(project.brand, legal=gap))
    with pytest.raises(TemplateError, match=f"de-DE has no {group}.{key}") as caught:
        check_project(project)
    assert file in str(caught.value)
