"""Texts judged on the command line."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

FACTS = {"name": "Hobbin kettle", "price": "48.00 GBP", "capacity": "1.8 l", "dishwasher safe": False, "warranty": None}
TRUE = "The Hobbin kettle holds 1.8 litres and costs £48."
FALSE = "The Hobbin kettle holds 2 litres and costs £48."


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    (tmp_path / "facts.json").write_text(json.dumps(FACTS))
    return tmp_path / "facts.json"


def test_a_true_text_passes_and_what_could_not_be_used_of_the_facts_is_told(tailorbird: Any, facts: Path) -> None:
    said = tailorbird("audit", "text", "--facts", facts, "--text", TRUE, "--locale", "en-GB")
    assert said.code == 0 and said.out.startswith("pass\n  info: warranty is null")


def test_a_false_text_is_underlined_with_the_fact_its_source_and_the_repair(tailorbird: Any, facts: Path) -> None:
    said = tailorbird("audit", "text", "--facts", facts, "--text", FALSE, "--locale", "en-GB")
    assert said.code == 1
    lines = said.out.splitlines()
    at = lines.index(f"  {FALSE}")
    assert lines[at + 1] == "  " + " " * FALSE.index("2 litres") + "^" * len("2 litres")
    assert lines[at + 2].startswith("  error: capacity") and lines[at + 2].endswith("[facts/contradiction]")
    assert "    evidence: capacity: 1.8 l" in lines and f"    source: {facts}: capacity" in lines


def test_the_answer_in_json_has_status_and_findings(tailorbird: Any, facts: Path) -> None:
    said = tailorbird("audit", "text", "--facts", facts, "--text", FALSE, "--locale", "en-GB", "--json")
    found = [each for each in said.json["findings"] if each["severity"] == "error"]
    assert said.code == 1 and said.json["status"] in ("repair", "block") and said.json["text"] == FALSE
    assert [(each["words"], each["span"], each["evidence"]) for each in found] == [
        ("2 litres", [24, 32], "capacity: 1.8 l")
    ]


def test_a_language_that_nobody_understands_asks_for_a_person_with_exit_code_3(tailorbird: Any, facts: Path) -> None:
    assert tailorbird("audit", "text", "--facts", facts, "--text", "Elle coûte 48 £.", "--locale", "fr").code == 3


def test_many_texts_of_a_file_are_judged_each_and_a_line_that_is_none_is_told(
    tailorbird: Any, facts: Path, tmp_path: Path
) -> None:
    lines: list[Any] = [
        TRUE,
        {"id": "b", "text": FALSE},
        {"id": "c", "text": "It weighs 2 kg.", "facts": {"name": "Pot", "weight": "2 kg"}},
        {"text": TRUE, "locale": "?"},
        {"text": TRUE, "items": ["x"]},
    ]
    (tmp_path / "texts.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines) + '{"text": \n')
    options = ("audit", "text", "--facts", facts, "--file", tmp_path / "texts.jsonl", "--locale", "en-GB")
    said = tailorbird(*options, "--json")
    statuses = [(each["line"], each.get("id"), each["status"]) for each in said.json["texts"]]
    assert said.code == 1
    assert statuses[0][2] == "pass" and statuses[1][1] == "b" and statuses[2] == (3, "c", "pass")
    assert [status for *_, status in statuses[3:]] == ["error"] * 3
    assert sum(said.json["counts"].values()) == 6 and said.json["counts"]["error"] == 3
    shown = tailorbird(*options).out
    assert (
        "line 1: pass" in shown
        and "line 6: error\n  is not valid JSON" in shown
        and "3 error" in shown
        and shown.count("warranty is null") == 1
    )


@pytest.mark.slow
def test_an_item_of_a_project_has_its_facts_from_the_catalog(tailorbird: Any, filled: Path) -> None:
    options = ("audit", "text", "--project", filled, "--item", "hobbin-kettle")
    assert tailorbird(*options, "--text", "The Hobbin kettle: £48.00, 1.8 litres.").code == 0
    said = tailorbird(*options, "--text", "The Hobbin kettle: £54.00.", "--json")
    assert said.json["locale"] == "en-GB" and said.code == 1
    assert said.json["findings"][0]["source"].startswith("catalog ")
    assert "has no item 'nothing'" in tailorbird(*options[:-1], "nothing", "--text", "A day.").error


@pytest.mark.slow
@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--text", "a", "--file", "b"), 'give --text "…" or --file FILE'),
        ((), 'give --text "…" or --file FILE'),
        (("--text", "a", "--lines"), "--lines is for --file"),
        (("--text", "a", "--item", "b"), "--item is an item of a project"),
        (("--text", "a", "--facts", "no.json"), "there is no file 'no.json'"),
        (("--text", "a", "--facts", "no.json", "--project", "x"), "not both"),
        (("--text", "a", "--locale", "english please"), "is no locale"),
        (("--text", "a", "--country", "Germany"), "is no ISO 3166 code"),
        (("--text", "a\udcff"), "half a character"),
    ],
)
def test_wrong_options_are_one_error(tailorbird: Any, options: tuple[str, ...], why: str) -> None:
    assert why in tailorbird("audit", "text", *options).error


def test_facts_that_are_no_json_say_the_line_and_the_column(tailorbird: Any, tmp_path: Path) -> None:
    (tmp_path / "facts.json").write_text('{"price": 48,\n "weight" 2}')
    said = tailorbird("audit", "text", "--facts", tmp_path / "facts.json", "--text", "a")
    assert "facts.json is not valid JSON: line 2, column 11" in said.error


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", 1), ("a " * 500_000, 1), ("سعر الغلاية", 3), ("Cafe\u0301 nai\u0308ve", 0), ("<p>A kettle.</p>", 3),
        ("It costs £٤٨.", 0), ("It costs £٤٩.", 1), ("Costs £48.\x1b[2J", None),
    ],
    ids=["empty", "a megabyte", "right to left", "combining", "html", "other digits", "other digits, wrong", "control"],
)  # fmt: skip
def test_bad_input_has_one_clear_answer(
    tailorbird: Any, facts: Path, text: str, code: int | None, tmp_path: Path
) -> None:
    (tmp_path / "text.txt").write_text(text)
    locale = "ar-EG" if "سعر" in text else "en-GB"
    said = tailorbird("audit", "text", "--facts", facts, "--file", tmp_path / "text.txt", "--locale", locale)
    assert said.code in ((0, 1, 3) if code is None else (code,)), said.out
    assert said.err == "" and "crashed" not in said.out and "\x1b" not in said.out


@pytest.mark.slow
def test_texts_are_read_from_standard_input() -> None:
    command = [sys.executable, "-c", "from tailorbird.cli.app import main; main()", "audit", "text", "--file", "-"]
    done = subprocess.run([*command], input="A day.\n", capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "pass\n")
    done = subprocess.run([*command, "--lines", "--json"], input='"A day."\n', capture_output=True, text=True)
    assert json.loads(done.stdout)["counts"] == {"pass": 1}
