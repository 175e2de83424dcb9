"""Audiences on the command line."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from tailorbird import bootstrap
from tailorbird.project.project import load_project

pytestmark = pytest.mark.slow

MOMENT = ("--as-of", "2026-06-01")


def test_a_persons_membership_is_explained_condition_by_condition(tailorbird: Any, ran_root: Path) -> None:
    treated = bootstrap.open_state(load_project(ran_root)).decisions.find("win_back", "1")[0].person_id
    words = ["audience", "explain", "lapsed", treated, ran_root, *MOMENT]
    said = tailorbird(*words, "--json").json
    assert said["included"] is True
    assert all(condition["held"] for condition in said["conditions"])
    assert said["description"].startswith("Ordered in the last 90 days")
    shown = tailorbird(*words).out
    assert f"{treated} is in lapsed" in shown
    assert "lapsed: Ordered in the last 90 days" in shown
    assert "\n       Whole days since the last order" in shown


def test_a_missing_value_is_told_in_words(tailorbird: Any, ran_root: Path) -> None:
    person = bootstrap.open_state(load_project(ran_root)).decisions.find("win_back", "1")[0].person_id
    shown = tailorbird("audience", "explain", "lapsed", person, ran_root, "--as-of", "2020-01-01").out
    assert "days_since_order at least 30; it is missing" in shown


def test_an_unknown_person_or_audience_is_one_clear_error(tailorbird: Any, ran_root: Path) -> None:
    assert "no person 'nobody'" in tailorbird("audience", "explain", "lapsed", "nobody", ran_root).error
    assert "did you mean 'lapsed'" in tailorbird("audience", "explain", "lapsd", "nobody", ran_root).error
    assert "did you mean 'lapsed'" in tailorbird("audience", "size", "lapsd", ran_root).error


@pytest.fixture(scope="module")
def with_sql(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example shop with an audience in SQL that means what `lapsed` means."""
    import shutil

    root = tmp_path_factory.mktemp("sql") / "wren"
    shutil.copytree(filled, root)
    words = "name: lapsed_sql\nsql: orders_90d >= 1 AND days_since_order >= 30\n"
    (root / "audiences" / "lapsed_sql.yaml").write_text(words)
    return root


def test_sizes_and_overlaps_of_two_ways_to_say_the_same_agree(tailorbird: Any, with_sql: Path) -> None:
    sizes = {one["name"]: one for one in tailorbird("audience", "size", with_sql, *MOMENT, "--json").json}
    assert set(sizes) == {"basket", "lapsed", "lapsed_sql", "replenish"}
    assert 0 < sizes["lapsed"]["size"] == sizes["lapsed_sql"]["size"] < sizes["lapsed"]["known"]
    assert sizes["replenish"]["withheld"] > 0
    (pair,) = tailorbird("audience", "overlap", "lapsed", "lapsed_sql", with_sql, *MOMENT, "--json").json
    assert pair["both"] == pair["either"] == sizes["lapsed"]["size"]
    said = tailorbird("audience", "size", with_sql, *MOMENT).out
    assert "cannot be judged for want of consent" in said


def test_a_sample_is_of_members_with_the_values_asked_for_and_always_the_same(tailorbird: Any, with_sql: Path) -> None:
    words = ("audience", "sample", "lapsed_sql", with_sql, *MOMENT, "--limit", "5")
    first = tailorbird(*words, "--json").json
    assert len(first) == 5
    assert all(one["orders_90d"] >= 1 and one["days_since_order"] >= 30 for one in first)
    assert tailorbird(*words, "--json").json == first
    assert tailorbird(*words, "--json", "--seed", "1").json != first
    assert all(one["person_id"].startswith("p_") for one in first)
    other = tailorbird(*words, "--json", "--pseudonyms", "research").json
    assert not {one["person_id"] for one in other} & {one["person_id"] for one in first}
    real = tailorbird(*words, "--json", "--ids").json
    told = tailorbird("audience", "explain", "lapsed_sql", real[0]["person_id"], with_sql, *MOMENT).out
    assert "yes  orders_90d >= 1; orders_90d is" in told


def test_a_built_list_holds_the_members_and_says_what_it_is(tailorbird: Any, with_sql: Path, tmp_path: Path) -> None:
    (built,) = tailorbird("audience", "build", "lapsed", with_sql, *MOMENT, "-o", tmp_path, "--json").json
    people = [row[0] for row in duckdb.execute(f"SELECT person_id FROM '{built['file']}'").fetchall()]
    assert people == sorted(set(people))
    assert len(people) == built["rows"] > 0
    assert all(person.startswith("p_") for person in people)
    (real,) = tailorbird("audience", "build", "lapsed", with_sql, *MOMENT, "-o", tmp_path, "--json", "--ids").json
    ids = [row[0] for row in duckdb.execute(f"SELECT person_id FROM '{real['file']}'").fetchall()]
    assert len(ids) == len(people) and not set(ids) & set(people)
    said = (tmp_path / "lapsed.json").read_text()
    assert '"as_of": "2026-06-01T00:00:00Z"' in said or '"as_of": "2026-05-31T23:00:00Z"' in said


def test_a_proposal_is_told_for_a_campaign_with_a_past(tailorbird: Any, ran: Any) -> None:
    words = ("audience", "propose", "win_back", ran.root)
    tree = tailorbird(*words, "--json").json["tree"]
    assert tree["treated"] > tree["held"] > 0
    assert tree["root"]["response"]["people"] > 0
    assert "everybody: " in tailorbird(*words).out
    early = tailorbird(*words, "--until", "2026-06-02").error
    assert "nobody's 21 days were over" in early or "days were over" in early


def test_a_proposal_without_a_past_is_one_clear_error(tailorbird: Any, with_sql: Path) -> None:
    assert "has decided for nobody yet" in tailorbird("audience", "propose", "win_back", with_sql).error
