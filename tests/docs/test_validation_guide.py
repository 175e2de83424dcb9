"""The guide to validation: its files are written, its commands and examples run, and what it quotes is said."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import jsonschema_rs
import pytest

from tailorbird.stages.facts.given import parse_facts

DOCS = Path(__file__).resolve().parents[2] / "docs"
GUIDE = (DOCS / "guides" / "validation.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.M | re.S)


def blocks(kind: str) -> list[str]:
    return [body for name, body in BLOCK.findall(GUIDE) if name == kind]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the guide's files."""
    facts, texts, _full = blocks("json")
    (tmp_path / "facts.json").write_text(facts)
    (tmp_path / "texts.jsonl").write_text(texts)
    return tmp_path


def run(command: str, folder: Path) -> tuple[int, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-uc", command],
        cwd=folder,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stderr == "", done.stderr
    return done.returncode, done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("block", blocks("console"), ids=lambda block: block.split("--")[-1][:20])
def test_the_commands_say_what_the_guide_quotes(block: str, folder: Path) -> None:
    (command,) = [line[2:] for line in block.splitlines() if line.startswith("$ ")]
    quoted = [line for line in block.splitlines() if not line.startswith("$ ")]
    code, said = run(command, folder)
    position = 0
    for line in quoted:
        found = re.compile(".*".join(re.escape(part) for part in line.split("…"))).search(said, position)
        assert found, f"{line!r} is not said, or not in this order:\n{said}"
        position = found.end()
    statuses = re.findall(r"^(?:line .*: )?(pass|repair|block|review)$", said, re.M)
    assert code == (1 if {"repair", "block"} & set(statuses) else 3 if "review" in statuses else 0)


@pytest.mark.slow
def test_each_of_the_ten_texts_has_the_outcome_that_the_guide_tells(folder: Path) -> None:
    code, said = run("tailorbird audit text --facts facts.json --locale en-GB --file texts.jsonl --json", folder)
    told = re.findall(r"^line (\d+) \((.*)\): (\w+)$", GUIDE, re.M)
    assert code == 1 and len(told) == 10
    judged = [(str(each["line"]), each["id"], each["status"]) for each in json.loads(said)["texts"]]
    assert judged == told


def test_the_examples_in_python_run_and_the_check_conforms() -> None:
    names: dict[str, object] = {}
    for block in blocks("python"):
        exec(block, names)
    assert "NoShouting" in names


def test_the_facts_of_the_guide_are_used_whole_and_fit_the_schema() -> None:
    schema = jsonschema_rs.validator_for(json.loads((DOCS / "schemas" / "facts.schema.json").read_text()))
    flat, _, full = blocks("json")
    assert [one.where for one in parse_facts(flat).unusable] == ["warranty"] and parse_facts(full).unusable == ()
    assert schema.is_valid(json.loads(flat)) and schema.is_valid(json.loads(full))


def test_the_entry_point_group_is_the_one_that_is_read() -> None:
    from tailorbird.plugins import CHECKS

    assert f'[project.entry-points."{CHECKS}"]' in GUIDE
