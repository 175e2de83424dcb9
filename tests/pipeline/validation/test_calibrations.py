"""Labels of a file, and what is kept of them."""

import json
from pathlib import Path
from typing import Any

import pytest

from tailorbird.pipeline.validation.calibrations import (
    FILE,
    LabelsError,
    calibrate_judge,
    read_calibration,
    read_labels,
    write_calibration,
)
from tailorbird.types.entailment import Example

WORDS = {"entail": "sure", "contradict": "wrong", "neutral": "so"}


def labels(count: int) -> list[dict[str, Any]]:
    return [
        {"premises": ["It is steel"], "claim": f"It is {WORDS[label]} {n}", "label": label, "locale": "en-GB"}
        for label in WORDS
        for n in range(count)
    ]


def write(path: Path, rows: list[Any]) -> Path:
    path.write_text("\n".join(json.dumps(row) for row in rows) + "\n\n")
    return path


@pytest.mark.slow
def test_a_judge_is_calibrated_by_a_file_and_the_result_is_kept(tmp_path: Path, open_judge: Any, server: Any) -> None:
    judge, _ = open_judge()
    examples = read_labels(write(tmp_path / "labels.jsonl", labels(40)))
    assert examples[0] == Example(("It is steel",), "It is sure 0", "entail", "en-GB")
    told: list[int] = []
    found = calibrate_judge(judge, examples, 0.9, lambda: told.append(1))
    assert found.judge == judge.name and len(told) == 120
    assert found.thresholds == {"entail": pytest.approx(0.97), "contradict": pytest.approx(0.97)}
    write_calibration(tmp_path / "state", found)
    assert read_calibration(tmp_path / "state") == found
    assert read_calibration(tmp_path / "nowhere") is None


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("nonsense", "no JSON object"),
        ("[1]", "no JSON object"),
        ('{"claim": "x", "label": "entail"}', "premises"),
        ('{"premises": [1], "claim": "x", "label": "entail"}', "premises"),
        ('{"premises": [], "claim": " ", "label": "entail"}', "claim"),
        ('{"premises": [], "claim": "x", "label": "true"}', "label"),
        ('{"premises": [], "claim": "x", "label": "entail", "locale": 3}', "locale"),
        ("[" * 100_000, "no JSON object"),
    ],
)
def test_a_wrong_label_names_its_line(tmp_path: Path, row: str, what: str) -> None:
    file = tmp_path / "labels.jsonl"
    file.write_text(json.dumps(labels(1)[0]) + "\n" + row)
    with pytest.raises(LabelsError, match=rf"line 2.*{what}"):
        read_labels(file)


def test_a_file_that_cannot_be_read_is_one_clear_error(tmp_path: Path) -> None:
    for file in (tmp_path / "none.jsonl", tmp_path):
        with pytest.raises(LabelsError, match="cannot be read"):
            read_labels(file)
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    with pytest.raises(LabelsError, match="cannot be read"):
        read_labels(tmp_path / "bytes")


@pytest.mark.parametrize("kept", ["", "[]", "{}", '{"judge": "m", "labels": "x", "curves": {}, "thresholds": {}}'])
def test_a_damaged_calibration_is_an_error_and_no_calibration(tmp_path: Path, kept: str) -> None:
    (tmp_path / FILE).write_text(kept)
    with pytest.raises(LabelsError, match="calibrate again"):
        read_calibration(tmp_path)
