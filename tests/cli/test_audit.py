"""The audit log on the command line."""

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow


def test_a_run_is_audited_and_its_log_is_sound(tailorbird: Any, ran_root: Path) -> None:
    said = tailorbird("audit", "verify", ran_root, "--json").json
    assert said["sound"] and said["findings"] == []
    assert said["entries"] == said["witnessed"] == sum(said["kinds"].values())
    sent = len(list((ran_root / ".tailorbird" / "outbox").glob("*.eml")))
    assert said["kinds"]["message"] == sent > 50
    assert said["kinds"]["decision"] > sent
    assert "sound: " in tailorbird("audit", "verify", ran_root).out


def test_entries_about_one_person_are_listed(tailorbird: Any, ran_root: Path) -> None:
    every = tailorbird("audit", "list", ran_root, "--kind", "message", "--json").json["entries"]
    assert {entry["detail"]["status"] for entry in every} == {"sent"}
    person = tailorbird("audit", "list", ran_root, "--kind", "decision", "--json").json["entries"][0]["detail"]
    mine = tailorbird("audit", "list", ran_root, "--person", person["person_id"], "--json").json["entries"]
    assert {entry["kind"] for entry in mine} <= {"decision", "message"}
    assert any(entry["detail"].get("decision_id") == person["decision_id"] for entry in mine)
    shown = tailorbird("audit", "list", ran_root)
    assert shown.code == 0 and "the first 100" in shown.out


def test_what_was_changed_is_named_with_exit_code_1(tailorbird: Any, ran: Any) -> None:
    head = tailorbird("audit", "head", ran.root, "--json").out
    (ran.root / "heads.jsonl").write_text(head)
    connection = sqlite3.connect(ran.root / ".tailorbird" / "state.db")
    with connection:
        connection.execute("UPDATE tb_audit SET kind = 'review' WHERE position = 17")
    connection.close()
    said = tailorbird("audit", "verify", ran.root)
    assert said.code == 1
    assert "altered" in said.out and "entry 17" in said.out and "NOT SOUND" in said.out
    kept = tailorbird("audit", "verify", ran.root, "--head", ran.root / "heads.jsonl", "--json")
    assert kept.code == 1 and kept.json["findings"][0]["position"] == 17


def test_a_proof_is_checked_without_the_log(tailorbird: Any, ran_root: Path, tmp_path: Path) -> None:
    proof, heads = tmp_path / "proof.json", tmp_path / "heads.jsonl"
    heads.write_text(tailorbird("audit", "head", ran_root, "--json").out)
    proof.write_text(tailorbird("audit", "prove", "17", ran_root).out)
    assert "is entry 17 of" in tailorbird("audit", "check-proof", proof, "--head", heads).out
    proof.write_text(tailorbird("audit", "prove", ran_root, "--since", "40").out)
    assert "begins with the 40" in tailorbird("audit", "check-proof", proof, "--head", heads).out
    changed = json.loads(proof.read_text())
    changed["first"]["root"] = "0" * 64
    proof.write_text(json.dumps(changed))
    assert "does not begin with" in tailorbird("audit", "check-proof", proof).error
    proof.write_text("no proof")
    assert "no JSON" in tailorbird("audit", "check-proof", proof).error


def test_wrong_words_are_one_clear_error(tailorbird: Any, ran_root: Path, tmp_path: Path) -> None:
    assert "there is no entry 99999" in tailorbird("audit", "prove", "99999", ran_root).error
    assert "--since SIZE" in tailorbird("audit", "prove", ran_root).error
    heads = tmp_path / "heads.jsonl"
    heads.write_text("nonsense\n")
    assert "no tree head" in tailorbird("audit", "verify", ran_root, "--head", heads).error
