import pytest

from tailorbird.types.policy_pack import Limit, PolicyRule
from tests.stages.policies.packs import find


def limited(limit: Limit, text: str) -> list[str]:
    return [found.reason for found in find(text, PolicyRule("limit", "headline", limit=limit))]


def test_both_numbers_are_told() -> None:
    assert limited(Limit("width", 30), "x" * 31) == ["headline: 31 columns, at most 30"]
    assert limited(Limit("width", 30), "你" * 16) == ["headline: 32 columns, at most 30"]
    assert limited(Limit("width", 30), "你" * 15) == []
    assert limited(Limit("chars", None, 5), "abc") == ["headline: 3 characters, at least 5"]


def test_each_line_is_measured_where_a_text_is_a_set_of_lines() -> None:
    (found,) = find(
        "short\n\n" + "x" * 31 + "\nok", PolicyRule("limit", "headline", limit=Limit("width", 30, None, "each_line"))
    )
    assert found.span == (7, 38)


def test_one_line_at_least_must_be_short() -> None:
    limit = Limit("width", 15, None, "any_line")
    assert limited(limit, "x" * 16 + "\n" + "y" * 15) == []
    assert limited(limit, "x" * 16 + "\n" + "y" * 20) == [
        "headline: no line is short enough: the shortest has 16 columns, at most 15"
    ]


@pytest.mark.parametrize(("lines", "fits"), [(2, False), (3, True), (15, True), (16, False)])
def test_lines_are_counted(lines: int, fits: bool) -> None:
    found = limited(Limit("chars", 15, 3, "lines"), "\n".join(["line"] * lines))
    assert (found == []) is fits
