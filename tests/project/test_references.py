"""Names that one file uses and another defines, and values that make no sense together."""

from typing import Any

import pytest

from tailorbird.project.project import load_project
from tailorbird.project.references import known_slots


@pytest.mark.parametrize("name", ["orders", "Orders"])
def test_a_feature_that_is_defined_twice_is_told_with_its_place(folder: Any, name: str) -> None:
    folder.write("features/z.yaml", f"- {{name: {name}, kind: count, event: Refund, purpose: email_marketing}}\n")
    error = folder.error()
    assert error.file.endswith("features/z.yaml")
    assert (error.line, error.field) == (1, "0.name")
    assert "twice" in error.message


def test_an_audience_has_the_name_of_its_file(folder: Any) -> None:
    line = folder.replace("audiences/buyers.yaml", "name: buyers", "name: others")
    error = folder.error()
    assert (error.line, error.field) == (line, "name")


def test_an_empty_list_of_values_means_nobody_and_is_refused(folder: Any) -> None:
    folder.replace("audiences/buyers.yaml", "at_least: 1", "one_of: []")
    error = folder.error()
    assert (error.line, error.field) == (3, "all.0.one_of")


@pytest.mark.parametrize(
    ("condition", "found"),
    [("{feature: orders}", "none"), ("{feature: orders, at_least: 1, at_most: 2}", "at_least and at_most")],
)
def test_a_condition_has_exactly_one_comparison(folder: Any, condition: str, found: str) -> None:
    folder.write("audiences/buyers.yaml", f"name: buyers\nall:\n  - {condition}\n")
    error = folder.error()
    assert (error.line, error.field) == (3, "all.0")
    assert f"found {found}" in error.message


def test_a_block_without_a_template_line_is_told_where_the_line_belongs(folder: Any) -> None:
    folder.replace("templates/letter/lines.yaml", "body:\n  en-GB: A letter.\n", "")
    error = folder.error()
    assert error.file.endswith("templates/letter/lines.yaml")
    assert error.field == "body.en-GB"


def test_a_second_locale_needs_its_template_lines(folder: Any) -> None:
    folder.replace("tailorbird.yaml", "[en-GB]", "[en-GB, de-DE]")
    error = folder.error()
    assert (error.field, error.line) == ("subject.de-DE", 1)


def test_a_campaign_without_a_subject_is_refused(folder: Any) -> None:
    folder.replace(
        "campaigns/hello.yaml",
        "  subject:\n    max_chars: 60\n    prompt: subject\n    generate: true\n    slots: [item.name, item.material]\n",
        "",
    )
    assert "'subject'" in folder.error().message


def test_generate_needs_a_prompt(folder: Any) -> None:
    folder.replace("campaigns/hello.yaml", "    prompt: subject\n", "")
    error = folder.error()
    assert error.field == "blocks.subject"
    assert "needs a prompt" in error.message


def test_a_campaign_about_the_basket_needs_the_basket_feature(folder: Any) -> None:
    folder.replace("campaigns/hello.yaml", "holdout: 0.2", "items: {source: basket}")
    assert "'basket_item'" in folder.error().message


def test_a_project_without_locales_is_refused(folder: Any) -> None:
    folder.replace("tailorbird.yaml", "locales: [en-GB]", "locales: []")
    assert folder.error().field == "locales"


def test_an_approved_line_in_a_locale_that_is_not_served_is_told(folder: Any) -> None:
    folder.replace(
        "brand/approved.yaml", "- id: two\n  block: body\n  locale: en-GB", "- id: two\n  block: body\n  locale: en-US"
    )
    error = folder.error()
    assert (error.line, error.field) == (8, "1.locale")


def test_consent_may_have_purposes_of_the_projects_own(folder: Any) -> None:
    folder.replace("features/orders.yaml", "purpose: email_marketing", "purpose: stock_planning")
    folder.replace("tailorbird.yaml", "    email_marketing: false", "    stock_planning: true")
    assert load_project(folder.root).settings.consent.defaults == {"stock_planning": True}


def test_declared_facts_are_slots(folder: Any) -> None:
    assert "item.material" in known_slots(load_project(folder.root).settings)


def test_a_sensitive_feature_makes_no_cells(folder: Any) -> None:
    folder.write(
        "features/z.yaml",
        "- {name: diet, kind: last, event: Asked, field: traits.diet, purpose: personalization, sensitive: true}\n",
    )
    line = folder.replace("campaigns/hello.yaml", "  lattice:\n", "  lattice:\n    - [diet]\n")
    error = folder.error()
    assert (error.line, error.field) == (line + 1, "briefs.lattice")
    assert "'diet' is sensitive" in error.message
