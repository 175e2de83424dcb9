"""The bias audit on the command line."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tailorbird.cli.init import copy_example

pytestmark = pytest.mark.slow

PERSONAS = """
built_in: false
attributes:
  - name: faith
    trait: religion
    groups: {none: [none], some: [Christian, Muslim]}
"""
CARELESS = """
built_in: false
attributes:
  - name: last_order
    feature: days_since_order
    groups: {long ago: [80], yesterday: [1]}
"""


@pytest.fixture
def personas(tmp_path: Path) -> Path:
    path = tmp_path / "personas.yaml"
    path.write_text(PERSONAS)
    return path


def test_an_audit_says_its_verdict_each_attribute_and_where_the_report_is(
    tailorbird: Any, ran_root: Path, personas: Path, tmp_path: Path
) -> None:
    out = tmp_path / "report.html"
    said = tailorbird("audit", "bias", ran_root, "win_back", "--contexts", "20", "--personas", personas, "--out", out)
    assert said.code == 0
    assert "faith: 20 pairs, every byte the same: nothing reads it" in said.out
    assert f"report: {out}" in said.out
    page = out.read_text()
    assert "<title>win_back · Wren · Tailorbird bias audit</title>" in page and "faith" in page


def test_json_is_one_object_and_the_seed_repeats_it(
    tailorbird: Any, ran_root: Path, personas: Path, tmp_path: Path
) -> None:
    words = ("audit", "bias", ran_root, "win_back", "--contexts", "20", "--seed", "5", "--personas", personas, "--json",
             "--out", tmp_path / "report.html")  # fmt: skip
    first, again = tailorbird(*words).json, tailorbird(*words).json
    assert first == again
    assert (first["contexts"], first["seed"], first["leaks"]) == (20, 5, 0)
    faith = next(each for each in first["attributes"] if each["attribute"]["name"] == "faith")
    assert faith["pairs"] == 20 and faith["differing"] == 0
    json.dumps(first, allow_nan=False)


def test_findings_give_exit_code_1_with_fail_alone(tailorbird: Any, ran_root: Path, tmp_path: Path) -> None:
    careless = tmp_path / "careless.yaml"
    careless.write_text(CARELESS)
    words = (
        "audit",
        "bias",
        ran_root,
        "win_back",
        "--contexts",
        "20",
        "--personas",
        careless,
        "--out",
        tmp_path / "r.html",
    )
    told = tailorbird(*words)
    assert told.code == 0 and "look at: last_order, yesterday against long ago: being written to" in told.out
    assert tailorbird(*words, "--fail").code == 1


def test_the_projects_own_file_is_read_and_its_mistake_told(tailorbird: Any, filled: Path, tmp_path: Path) -> None:
    root = tmp_path / "wren"
    shutil.copytree(filled, root)
    (root / "policies").mkdir(exist_ok=True)
    file = root / "policies" / "bias.yaml"
    file.write_text(PERSONAS.replace("trait:", "traits:"))
    said = tailorbird("audit", "bias", root, "win_back", "--contexts", "5")
    assert said.code == 1 and f"{file}:5: attributes.0.traits: unknown key; did you mean 'trait'?" in said.err
    file.write_text(PERSONAS)
    said = tailorbird("audit", "bias", root, "win_back", "--contexts", "5")
    assert said.code == 0 and "faith: 5 pairs" in said.out and "nothing is concluded" in said.out
    assert (root / ".tailorbird" / "reports" / "win_back-bias.html").exists()


def test_a_file_of_names_takes_the_place_of_ours(
    tailorbird: Any, ran_root: Path, personas: Path, tmp_path: Path
) -> None:
    names = tmp_path / "names.csv"
    names.write_text("name,ethnicity\nAnne,a\nKenya,b\n")
    said = tailorbird("audit", "bias", ran_root, "win_back", "--contexts", "20", "--personas", personas, "--names", names, "--json",
                      "--out", tmp_path / "r.html").json  # fmt: skip
    named = next(each for each in said["attributes"] if each["attribute"]["name"] == "first_name")
    assert named["attribute"]["groups"] == {"a": ["Anne"], "b": ["Kenya"]}
    assert named["passages"]["b"]["doors"].keys() == {"slot"}


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--personas", "none.yaml"), "there is no file none.yaml"),
        (("--names", "none.csv"), "there is no file none.csv"),
        (("--out", "/proc/none/report.html", "--contexts", "5"), "name another file with --out"),
    ],
)
def test_what_is_not_there_is_one_clear_error(
    tailorbird: Any, ran_root: Path, words: tuple[str, ...], why: str, personas: Path
) -> None:
    given = words if "--personas" in words else (*words, "--personas", personas)
    said = tailorbird("audit", "bias", ran_root, "win_back", *given)
    assert said.code == 1 and why in said.err


def test_without_a_name_every_campaign_is_audited_and_one_without_audience_stops_none(
    tailorbird: Any, filled: Path, tmp_path: Path, personas: Path
) -> None:
    root = tmp_path / "wren"
    shutil.copytree(filled, root)
    (root / "audiences" / "basket.yaml").write_text("name: basket\nall:\n  - {feature: orders_90d, at_least: 9999}\n")
    words = ("audit", "bias", root, "--contexts", "5", "--personas", personas)
    said = tailorbird(*words, "--json").json
    assert [each["campaign"] for each in said["campaigns"]] == ["replenish", "win_back"]
    assert "matches none" in said["not_audited"]["abandoned_basket"]
    told = tailorbird(*words)
    assert told.code == 0 and "win_back: (simulated)" in told.out and "abandoned_basket: not audited" in told.out
    assert sorted(path.name for path in (root / ".tailorbird" / "reports").iterdir()) == [
        "replenish-bias.html", "win_back-bias.html",
    ]  # fmt: skip
    refused = tailorbird(*words, "--out", tmp_path / "one.html")
    assert refused.code == 1 and "name the campaign" in refused.err


def test_a_simulated_project_without_events_is_audited_with_simulated_customers(
    tailorbird: Any, tmp_path: Path, personas: Path
) -> None:
    root = tmp_path / "wren"
    copy_example(root)
    said = tailorbird("audit", "bias", root, "win_back", "--contexts", "20", "--personas", personas)
    assert said.code == 0 and "2,000 simulated customers stand in" in said.err
    assert "faith: 20 pairs, every byte the same" in said.out
    assert (root / ".tailorbird" / "reports" / "win_back-bias.html").exists()
    settings = root / "tailorbird.yaml"
    settings.write_text(settings.read_text().replace("simulated: true", "simulated: false"))
    real = tailorbird("audit", "bias", root, "win_back", "--contexts", "20", "--personas", personas)
    assert real.code == 1 and "there are no events yet" in real.err
