"""tailorbird audit calibrate, with a judge behind a real server."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tailorbird.cli.app import app
from tailorbird.pipeline.validation.calibrations import LabelsError
from tailorbird.stages.validation.calibration import TooFewLabelsError
from tests.pipeline.validation.conftest import Judge

pytestmark = pytest.mark.slow

WREN = Path(__file__).resolve().parents[2] / "examples" / "wren"


@pytest.fixture
def judge() -> Iterator[Judge]:
    running = Judge()
    yield running
    running.http.shutdown()


@pytest.fixture
def shop(tmp_path: Path, judge: Judge, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "wren"
    shutil.copytree(WREN, root, ignore=shutil.ignore_patterns(".tailorbird", "media"))
    settings = root / "tailorbird.yaml"
    terms = "{dpa: DPA-1, trains: false}"
    entailment = f"{{adapter: openai_compatible, model: judge-1, base_url: '{judge.url}', terms: {terms}}}"
    settings.write_text(settings.read_text() + f"\nvalidation:\n  entailment: {entailment}\n")
    monkeypatch.setenv("TAILORBIRD_CACHE", str(tmp_path / "cache"))
    return root


def labels(path: Path, count: int) -> str:
    words = {"entail": "surely", "contradict": "wrong", "neutral": "so"}
    rows = [
        {"premises": [], "claim": f"{word} {n}", "label": label} for label, word in words.items() for n in range(count)
    ]
    path.write_text("\n".join(map(json.dumps, rows)))
    return str(path)


def test_the_reliability_is_printed_and_the_thresholds_are_kept(shop: Path, tmp_path: Path, judge: Judge) -> None:
    file = labels(tmp_path / "labels.jsonl", 40)
    result = CliRunner().invoke(app, ["audit", "calibrate", str(shop), "--labels", file])
    assert result.exit_code == 0, result.output
    assert "120 labels" in result.stdout and "entail: believed from 0.970 on" in result.stdout
    assert "100%" in result.stdout and (shop / ".tailorbird" / "entailment.json").is_file()
    asked = len(judge.asked)
    again = CliRunner().invoke(app, ["audit", "calibrate", str(shop), "--labels", file, "--json"])
    assert json.loads(again.stdout)["thresholds"]["contradict"] == pytest.approx(0.97)
    assert len(judge.asked) == asked == 120, "answers are cached"


def test_too_few_labels_and_wrong_ones_are_told_and_nothing_is_kept(shop: Path, tmp_path: Path) -> None:
    few = CliRunner().invoke(app, ["audit", "calibrate", str(shop), "--labels", labels(tmp_path / "few.jsonl", 5)])
    assert isinstance(few.exception, TooFewLabelsError)
    (tmp_path / "wrong.jsonl").write_text("{}")
    wrong = CliRunner().invoke(app, ["audit", "calibrate", str(shop), "--labels", str(tmp_path / "wrong.jsonl")])
    assert isinstance(wrong.exception, LabelsError)
    assert not (shop / ".tailorbird" / "entailment.json").exists()


def test_a_vendor_without_an_agreement_gets_no_text_of_knowledge_tables(
    shop: Path, tmp_path: Path, judge: Judge
) -> None:
    settings = shop / "tailorbird.yaml"
    settings.write_text(settings.read_text().replace(", terms: {dpa: DPA-1, trains: false}", ""))
    file = labels(tmp_path / "labels.jsonl", 1)
    result = CliRunner().invoke(app, ["audit", "calibrate", str(shop), "--labels", file])
    assert "validation.entailment.terms.dpa" in str(result.exception)
    assert judge.asked == []


def test_a_project_without_a_judge_says_what_to_write(tmp_path: Path) -> None:
    file = labels(tmp_path / "labels.jsonl", 1)
    result = CliRunner().invoke(app, ["audit", "calibrate", str(WREN), "--labels", file])
    assert result.exit_code != 0 and "validation.entailment" in str(result.exception)
