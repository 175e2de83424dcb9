"""Features: where they are defined, and values that make no sense."""

from typing import Any

import pytest

from tailorbird.project.feature_files import feature_error, read_features
from tailorbird.project.project import load_project

ENTRY = "- name: {name}\n  kind: {kind}\n  event: Refund\n  purpose: email_marketing\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("more", "kind", "field", "words"),
    [
        ("window_days: 999999999", "count", "window_days", "from 1 to 36,500"),
        ("window_days: 0", "count", "window_days", "from 1 to 36,500"),
        ("window_days: true", "count", "window_days", "must be a finite number"),
        ("default: none", "count", "default", "must be a number for kind count"),
        ("default: true", "days_since", "default", "must be a number"),
        ("default: .nan", "count", "default", "must be a finite number"),
        ("default: 3", "daypart", "default", "must be a part of the day"),
        ("field: properties..x", "last", "field", "single dots"),
        ("each: properties.", "count", "each", "single dots"),
    ],
)
def test_a_value_that_makes_no_sense_is_told_with_file_line_and_field(
    folder: Any, more: str, kind: str, field: str, words: str
) -> None:
    folder.write("features/z.yaml", ENTRY.format(name="odd", kind=kind) + f"  {more}\n")
    error = folder.error()
    assert error.file.endswith("features/z.yaml")
    assert (error.line, error.field) == (5, f"0.{field}")
    assert words in error.message


def test_a_reserved_name_is_reserved_in_any_letters(folder: Any) -> None:
    folder.write("features/z.yaml", ENTRY.format(name="PERSON_ID", kind="count"))
    assert "a name of our own" in folder.error().message


def test_features_come_in_the_order_of_their_files(folder: Any) -> None:
    folder.write("features/a.yaml", ENTRY.format(name="refunds", kind="count"))
    assert [feature.name for feature in read_features(folder.root / "features")] == ["refunds", "orders", "last_family"]


def test_the_error_of_a_feature_says_where_it_stands(folder: Any) -> None:
    error = feature_error(folder.root / "features", "last_family", "wrong")
    assert (error.line, error.field, error.message) == (5, "1", "wrong")
    assert feature_error(folder.root / "features", "gone", "wrong").line is None


@pytest.mark.slow
@pytest.mark.parametrize("place", ["briefs.lattice.0", "briefs.family"])
def test_a_list_of_values_cannot_form_cells(folder: Any, place: str) -> None:
    top = "- {name: top, kind: top_k, field: properties.a, purpose: personalization}\n"
    folder.write("features/z.yaml", top)
    if place == "briefs.family":
        folder.replace("campaigns/hello.yaml", "family: last_family", "family: top")
    else:
        folder.replace("campaigns/hello.yaml", "- [last_family]", "- [top]")
    error = folder.error()
    assert error.field == place
    assert "top_k with k: 1" in error.message
    folder.write("features/z.yaml", top.replace("top_k", "top_k, k: 1"))
    assert load_project(folder.root).features[-1].k == 1


def test_a_query_may_be_a_file_beside_the_definition(folder: Any) -> None:
    entry = "- {name: days, kind: sql, type: number, purpose: personalization, query: days.sql}\n"
    folder.write("features/z.yaml", entry)
    error = folder.error()
    assert (error.line, error.field) == (1, "0.query")
    assert "no file 'days.sql'" in error.message
    query = "SELECT person_id, as_of, 1 AS days FROM spine\n"
    folder.write("features/days.sql", query)
    assert read_features(folder.root / "features")[-1].query == query
    folder.write("features/z.yaml", "[]\n")
    assert "no feature reads this file" in folder.error().message


def test_the_error_of_a_feature_points_at_its_key(folder: Any) -> None:
    error = feature_error(folder.root / "features", "last_family", "wrong", "kind")
    assert (error.line, error.field) == (6, "1.kind")
