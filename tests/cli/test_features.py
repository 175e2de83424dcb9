"""Features on the command line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tailorbird.project.project import load_project

pytestmark = pytest.mark.slow

MOMENT = ("--as-of", "2026-06-01")


class Answers:
    """What `features show` answers of one person after the other, asked once of each."""

    def __init__(self, tailorbird: Any, project: Path) -> None:
        self._tailorbird, self._project = tailorbird, project
        self._known: list[Any] = []

    def first(self, which: Callable[[Any], bool]) -> Any:
        """The first of forty of whom `which` holds."""
        for number in range(40):
            if number == len(self._known):
                shown = self._tailorbird("features", "show", f"c{number + 1:05}", self._project, *MOMENT, "--json")
                self._known.append(shown.json)
            if which(self._known[number]):
                return self._known[number]
        raise AssertionError("nobody of forty is as asked for")


def test_features_are_listed_with_what_they_give_and_how_fresh_they_must_be(tailorbird: Any, filled: Path) -> None:
    listed = {one["name"]: one for one in tailorbird("features", "list", filled, "--json").json}
    assert list(listed) == [feature.name for feature in load_project(filled).features]
    assert (listed["orders_90d"]["gives"], listed["orders_90d"]["freshness_seconds"]) == ("whole", 3600)
    assert listed["favourite_families"]["gives"] == "list"
    assert (listed["orders_90d"]["computed_by"], listed["favourite_families"]["computed_by"]) == ("columns", "sql")
    shown = tailorbird("features", "list", filled).out.splitlines()
    assert shown[0].split() == ["feature", "kind", "gives", "purpose", "fresh"]
    assert shown[1].split()[:5] == ["orders_90d", "count", "whole", "email_marketing", "1h"]
    assert shown[1].endswith("Orders in the last 90 days.")


def test_a_persons_features_are_shown_with_what_is_missing_and_withheld(tailorbird: Any, filled: Path) -> None:
    answers = Answers(tailorbird, filled)
    full = answers.first(lambda one: not one["withheld"] and not one["missing"])
    assert full["values"]["order_value"] == full["values"]["spent_90d"] / full["values"]["orders_90d"]
    assert full["values"]["visits_30d"] >= 1
    text = tailorbird("features", "show", full["person_id"], filled, *MOMENT).out
    assert f"{full['person_id']} at 2026-05-31 23:00 UTC" in text
    rows = dict(line.split(maxsplit=1) for line in text.splitlines()[1:])
    assert rows["favourite_families"] == ", ".join(full["values"]["favourite_families"])
    closed = answers.first(lambda one: one["withheld"])
    text = tailorbird("features", "show", closed["person_id"], filled, *MOMENT).out
    assert "withheld: no consent for personalization" in text
    assert closed["values"]["spent_90d"] is None
    some = answers.first(lambda one: one["missing"])
    assert "  missing\n" in tailorbird("features", "show", some["person_id"], filled, *MOMENT).out


def test_an_unknown_person_is_one_clear_error(tailorbird: Any, filled: Path) -> None:
    assert "no person 'nobody'" in tailorbird("features", "show", "nobody", filled, *MOMENT).error
