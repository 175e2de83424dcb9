"""Identities on the command line."""

from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow


@pytest.fixture
def two(tailorbird: Any, filled: Path, tmp_path: Path) -> tuple[Path, str, str]:
    """A shop of its own, and two of its people."""
    import shutil

    root = tmp_path / "wren"
    shutil.copytree(filled, root)
    from tailorbird import bootstrap
    from tailorbird.project.project import load_project

    rows = bootstrap.open_events(load_project(root)).rows("SELECT person_id FROM people LIMIT 2")
    return root, rows[0][0], rows[1][0]


def test_two_people_are_merged_followed_listed_and_parted(tailorbird: Any, two: tuple[Path, str, str]) -> None:
    root, kept, other = two
    why = ("--by", "ana", "--reason", "both are hers")
    merged = tailorbird("identity", "merge", kept, other, root, *why, "--json").json
    assert merged["people"] == [{"person_id": kept, "ids": [kept, other]}]
    told = tailorbird("identity", "explain", other, root, "--json").json
    assert (told["person_id"], told["links"][0]["by"]) == (kept, "ana")
    shown = tailorbird("identity", "explain", other, root).out
    assert f"user {other} is {kept}: {kept}, {other}" in shown
    assert f"merge {other} → {kept} at" in shown and "by ana: both are hers" in shown
    listed = tailorbird("identity", "list", root, "--merged", "--json").json
    assert [person["ids"] for person in listed["merged"]] == [[kept, other]]
    assert "people of several ids: 1; shared devices: 0" in tailorbird("identity", "list", root).out
    assert tailorbird("identity", "list", root, "--shared").out == "shared devices: 0\n"
    assert "are parted" in tailorbird("identity", "unmerge", kept, other, root, *why).out
    assert tailorbird("identity", "list", root, "--merged", "--json").json["merged"] == []
    assert "does not count: split at" in tailorbird("identity", "explain", kept, root).out


def test_mistakes_are_one_clear_error(tailorbird: Any, two: tuple[Path, str, str]) -> None:
    root, kept, other = two
    why = ("--by", "ana", "--reason", "both are hers")
    assert "no user 'nobody'" in tailorbird("identity", "merge", kept, "nobody", root, *why).error
    assert "are not one person" in tailorbird("identity", "unmerge", kept, other, root, *why).error
    assert "no event carries" in tailorbird("identity", "explain", "nobody", root).error


def test_accepted_proposals_are_merged_and_what_was_parted_is_passed_over(
    tailorbird: Any, two: tuple[Path, str, str], tmp_path: Path
) -> None:
    root, kept, other = two
    path, why = tmp_path / "pairs.csv", ("--by", "ana", "--reason", "looked at each of them")
    path.write_text(f"one,other,probability,equal\n{kept},{other},0.995,email phone\n{other},{kept},0.5,email\n")
    said = tailorbird("identity", "accept", path, root, *why, "--json").json
    assert said == {"merged": [[kept, other]], "passed_over": 0}
    tailorbird("identity", "unmerge", kept, other, root, *why)
    assert "0 pairs merged, 2 passed over" in tailorbird("identity", "accept", path, root, *why, "--above", 0.4).out


@pytest.mark.engines
def test_duplicates_are_proposed_and_written_and_nothing_is_merged(
    tailorbird: Any, two: tuple[Path, str, str], tmp_path: Path
) -> None:
    root, *_ = two
    path = tmp_path / "pairs.csv"
    said = tailorbird("identity", "duplicates", root, "--output", path, "--json").json
    assert len(path.read_text().splitlines()) == 1 + len(said["proposals"])
    assert tailorbird("identity", "list", root, "--merged", "--json").json["merged"] == []
