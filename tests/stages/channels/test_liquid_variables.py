"""Which variables a template reads."""

import pytest

from tailorbird.stages.channels.liquid_variables import TemplateVariable, template_variables
from tailorbird.stages.channels.template_error import TemplateError


def paths(source: str) -> list[str]:
    return [variable.path for variable in template_variables(source)]


def test_every_variable_is_listed_once_at_its_first_line() -> None:
    assert template_variables("{{ a.b }}\n{{ c }}{{ a.b | append: d }}") == (
        TemplateVariable("a.b", 1),
        TemplateVariable("c", 2),
        TemplateVariable("d", 2),
    )


def test_a_loop_variable_is_named_after_its_list() -> None:
    source = (
        "{% for p in items limit: n %}{{ p.name }}"
        "{% for f in p.facts %}{{ f.x }}{{ forloop.index }}{% endfor %}{% endfor %}"
    )
    assert sorted(paths(source)) == ["items", "items[].facts", "items[].facts[].x", "items[].name", "n"]


def test_what_the_template_makes_itself_is_not_listed() -> None:
    source = (
        "{% assign x = a.b | upcase %}{{ x.y }}{% capture z %}{{ q }}{% endcapture %}{{ z }}"
        "{% for e in x %}{{ e.f }}{% endfor %}"
    )
    assert paths(source) == ["a.b", "q"]


def test_another_name_for_a_variable_is_resolved() -> None:
    assert paths("{% assign hero = items.first %}{{ hero.name }}") == ["items[]", "items[].name"]


def test_variables_in_conditions_and_cases_are_found() -> None:
    source = "{% if a.b > c and d contains 'x' %}{% case e.f %}{% when g %}{{ h }}{% endcase %}{% endif %}"
    assert sorted(paths(source)) == ["a.b", "c", "d", "e.f", "g", "h"]


def test_elements_are_named_as_elements() -> None:
    assert paths("{{ items[0].name }}{{ items.first.name }}{{ items.size }}") == ["items", "items[].name"]


def test_a_template_that_does_not_parse_has_no_variables() -> None:
    with pytest.raises(TemplateError):
        template_variables("{% if %}")
