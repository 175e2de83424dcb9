"""events.yaml: mistakes are told with file, line, field and the mend."""

from pathlib import Path

import pytest

from tailorbird.project.errors import ProjectError
from tailorbird.project.plan_file import fields_of, read_plan

GOOD = """\
events:
  Order Completed:
    required: [total]
    properties:
      total: {type: number, minimum: 0, purpose: personalization}
      note: {type: [string, "null"], pattern: "^[a-z]+(, [a-z]+)?$"}
      lines: {type: array, items: {type: object, properties: {sku: {type: string}}}}
traits:
  properties:
    email: {type: string, format: email}
"""


def write(folder: Path, text: str) -> Path:
    (folder / "events.yaml").write_text(text)
    return folder


def test_a_project_without_the_file_has_no_plan(tmp_path: Path) -> None:
    assert read_plan(tmp_path) is None


def test_a_plan_is_read_with_its_purposes(tmp_path: Path) -> None:
    plan = read_plan(write(tmp_path, GOOD))
    assert plan is not None and plan.traits is not None and not plan.strict
    rule = plan.events["Order Completed"]
    assert (rule.required, rule.properties["total"].purpose) == (("total",), "personalization")
    assert rule.properties["note"].type == ("string", "null")
    places = [".".join(map(str, place)) for place, _ in fields_of(rule)]
    assert places[-3:] == ["properties.lines", "properties.lines.items", "properties.lines.items.properties.sku"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("field", "line", "message"),
    [
        ("total: {type: numbr}", 5, "events.Order Completed.properties.total.type"),
        ("total: {typ: number}", 5, "did you mean 'type'"),
        ("total: {maxlength: 3}", 5, "did you mean 'maxLength'"),
        ("total: {minimum: 3, maximum: 2}", 5, "must be at most maximum, 2 (found 3)"),
        ("total: {minimum: .nan}", 5, "finite number"),
        ("total: {maxLength: -1}", 5, "must be 0 or more"),
        ("total: {enum: []}", 5, "at least one value"),
        ("total: {type: number, enum: [1, two]}", 5, "must be of the field's type, number (found 'two')"),
        ("total: {enum: [2026-06-01]}", 5, "use quotes"),
        ("total: {pattern: '(['}", 5, "is no regular expression"),
        ("total: {pattern: '^(a+)+$'}", 5, "some texts would take for ever"),
        ("total: {pattern: '(x|(?:b*c)*)y'}", 5, "some texts would take for ever"),
        ("total: {format: phone}", 5, "events.Order Completed.properties.total.format"),
        ("toal: {type: number}", 3, "properties does not list 'total'; did you mean 'toal'?"),
    ],
)
def test_a_rule_that_makes_no_sense_is_one_error_at_its_line(
    tmp_path: Path, field: str, line: int, message: str
) -> None:
    text = GOOD.replace("total: {type: number, minimum: 0, purpose: personalization}", field)
    with pytest.raises(ProjectError) as caught:
        read_plan(write(tmp_path, text))
    assert message in str(caught.value) and f"events.yaml:{line}" in str(caught.value)
