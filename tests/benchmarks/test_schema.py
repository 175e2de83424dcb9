"""Every benchmark prints one object of the documented shape. Speed is not judged here."""

import json
import os
import shutil
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest

REPORT = {"benchmark", "data", "rows", "seed", "versions", "notes", "metrics"}
METRIC = {"name", "value", "unit"}
OPTIONAL = {"low", "high", "goal", "met", "peer", "peer_value", "ratio", "ratio_low", "ratio_high"}
PEERS = Path(__file__).resolve().parents[2] / ".venv-peers"
LINES = """Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country
1,85048,GLASS LIGHTS,12,2009-12-01 07:45:00,6.95,13085.0,United Kingdom
1,79323,PINK LIGHTS,12,2009-12-01 07:45:00,6.75,13085.0,United Kingdom
2,85048,GLASS LIGHTS,1,2009-12-02 07:45:00,6.95,13086.0,France
2,85048,GLASS LIGHTS,1,2009-12-02 07:45:00,6.95,13086.0,France
3,22064,PLATE,1,2009-12-02 07:45:00,1.0,,France
"""


def check(printed: str, name: str) -> dict[str, dict[str, Any]]:
    (line,) = printed.splitlines()
    report = json.loads(line)
    assert set(report) == REPORT
    assert report["benchmark"] == name
    assert report["rows"] > 0
    assert {"tailorbird", "python"} <= set(report["versions"])
    for metric in report["metrics"]:
        assert METRIC <= set(metric) <= METRIC | OPTIONAL
        assert ("goal" in metric) == ("met" in metric)
        assert ("peer" in metric) == ("peer_value" in metric) == ("ratio" in metric)
    return {metric["name"]: metric for metric in report["metrics"]}


@pytest.mark.slow
def test_the_campaign_benchmark_verifies_what_it_builds(run: Any, load: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load("campaign"), "PEERS_A_ROUND", 3)
    metrics = check(run("campaign", "--json", "--people", "150", "--rounds", "2"), "campaign")
    assert metrics["verified_by_dkimpy_and_equal_to_peer"]["value"] > 0
    assert metrics["decided_stitched_and_built"]["goal"] == "ratio >= 18"
    assert metrics["stitched_and_built"]["peer"] == "python-liquid + EmailMessage + dkimpy"


@pytest.mark.slow
def test_the_messages_benchmark(run: Any, load: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, small in {"ROUNDS": 2, "OURS_A_ROUND": 3, "PEERS_A_ROUND": 2, "PEOPLE": 4, "VERIFIED": 2}.items():
        monkeypatch.setattr(load("messages"), name, small)
    metrics = check(run("messages", "--json"), "messages")
    assert metrics["verified_by_dkimpy_and_equal_to_peer"]["value"] == 2


@pytest.mark.slow
def test_the_cold_start_benchmark_leaves_the_install_out_and_says_so(run: Any) -> None:
    printed = run("cold_start", "--json", "--rounds", "1")
    metrics = check(printed, "cold_start")
    assert metrics["tailorbird --help"]["goal"] == "value <= 0.4"
    assert "install" not in metrics
    assert "install seconds and size are measured with --install only" in json.loads(printed)["notes"]


@pytest.mark.slow
def test_an_install_that_fails_is_a_note_and_no_figure(load: Any, tmp_path: Path) -> None:
    metrics, notes = load("cold_start").install_metrics(tmp_path / "none.lock", "", 1)
    assert metrics == []
    assert notes == ["install left out: none.lock could not be installed; is there a network?"]


@pytest.mark.slow
def test_the_import_benchmark_counts_the_same_rows_on_both_sides(
    run: Any, load: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(load("import_rows"), "ROUNDS", 1)
    (tmp_path / "rows.csv").write_text(LINES)
    printed = run("import_rows", "--json", "--data", str(tmp_path / "rows.csv"))
    metrics = check(printed, "import_rows")
    assert metrics["peak_memory_csv"]["value"] > 0
    counts = [note.split(": ", 1)[1] for note in json.loads(printed)["notes"][1:]]
    assert len(counts) == 3
    assert all(count.startswith("5 rows, 4 accepted, 0 duplicate, 1 quarantined") for count in counts)


@pytest.mark.slow
def test_the_online_benchmark_reads_right_answers_from_both_servers(
    run: Any, load: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not (PEERS / "bin" / "feast").exists():
        pytest.skip("the peers are not installed: make peers")
    for name, small in {"ROUNDS": 2, "READS": 400, "PEER_READS": 20}.items():
        monkeypatch.setattr(load("online"), name, small)
    metrics = check(run("online", "--json", "--people", "300", "--peers", str(PEERS)), "online")
    assert metrics["read_one"]["goal"] == "ratio >= 30"
    assert metrics["median"]["peer"] == "feast serve (SQLite online store)"


def test_the_local_copy_benchmark_says_when_a_line_costs_too_much(
    load: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    counts = {"briefs": 2, "accepted": 1, "written": 6, "passed": 2}
    detail = {"cpu_seconds": 90.0, "lines_by_locale": {"en-GB": counts}, "lines_written": 6, "model_calls": 2}
    chosen = Namespace(json=True, data=Path("wren"), seed=7)
    load("local_copy").report(chosen, detail, ["a line"], None)
    metrics = check(capsys.readouterr().out, "local_copy")
    assert metrics["cpu_seconds_per_accepted_line"]["met"] is False
    assert metrics["passed_share_en-GB"]["value"] == 0.333


@pytest.mark.slow
def test_the_features_benchmark_builds_the_same_on_all_sides(
    run: Any, load: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load("features"), "ROUNDS", 1)
    metrics = check(run("features", "--json", "--events", "20000"), "features")
    assert metrics["people_built"]["value"] > 100
    assert metrics["refresh_of_one_percent"]["value"] > 0


@pytest.mark.slow
def test_the_profiles_benchmark_gives_back_what_went_in(run: Any) -> None:
    if shutil.which("redis-server") is None:
        if "redis" in os.environ.get("TAILORBIRD_REQUIRE", "").split(","):
            pytest.fail("redis-server is not installed")
        pytest.skip("redis-server is not installed: there is no peer")
    metrics = check(run("profiles", "--json", "--people", "3000"), "profiles")
    assert metrics["rows_equal_to_what_went_in"]["value"] == 3000
    assert metrics["bytes_per_profile"]["ratio"] < 1


@pytest.mark.slow
def test_the_masking_benchmark_counts_what_was_found_and_what_was_not(run: Any, tmp_path: Path) -> None:
    text = "Write to ana@shop.example or to Ana Lima."
    spans = [
        {"entity_type": "EMAIL_ADDRESS", "start_position": 9, "end_position": 25},
        {"entity_type": "PERSON", "start_position": 32, "end_position": 40},
        {"entity_type": "GPE", "start_position": 0, "end_position": 5},
    ]
    (tmp_path / "marked.json").write_text(json.dumps([{"full_text": text, "spans": spans}]))
    (tmp_path / "products.txt").write_text("A kettle of 1.7 l\nOrders: post@shop.example\n")
    files = ["--data", str(tmp_path / "marked.json"), "--texts", str(tmp_path / "products.txt")]
    metrics = check(run("masking", "--json", *files, "--peers", str(tmp_path)), "masking")
    assert metrics["recall_email"]["value"] == metrics["precision_email"]["value"] == 1
    assert metrics["recall_name"]["value"] == 0
    assert metrics["false_alarms"]["value"] == 500


@pytest.mark.slow
def test_the_validate_benchmark_finds_all_that_was_planted(
    run: Any, load: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load("validate"), "ROUNDS", 2)
    metrics = check(run("validate", "--json", "--texts", "60", "--peers", "/nowhere"), "validate")
    assert metrics["cheap_checks"]["value"] > metrics["validate"]["value"] > 0
    assert {name: metrics[f"found_{name}"]["value"] for name in ("price", "phrase", "address")} == {
        "price": 8, "phrase": 6, "address": 4,
    }  # fmt: skip
    assert metrics["others_stopped"]["value"] == 0
    if not (PEERS / "bin" / "python").exists():
        pytest.skip("the peers are not installed: make peers")
    assert check(run("validate", "--json", "--texts", "60"), "validate")["cheap_checks"]["ratio"] > 1
