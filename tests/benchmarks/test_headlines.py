import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

THINGS = ("kettle", "teapot", "cup", "tray", "lamp", "chair", "bowl", "plate", "spoon", "jug", "basket", "towel")
HEAD = ("clickability_test_id", "eyecatcher_id", "headline_1", "headline_2", "higher_CTR")


def write_pairs(path: Path, seed: int, prefix: str, count: int = 120) -> Path:
    """Pairs in which the hidden thing beats the usual one."""
    generator = np.random.default_rng(seed)
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(HEAD)
        for at in range(count):
            good, bad = (f"The {word} {generator.choice(THINGS)} {prefix} {at}" for word in ("hidden", "usual"))
            turned = bool(at % 2)
            rows.writerow(
                (f"{prefix}{at}", f"e{prefix}{at}", *((bad, good) if turned else (good, bad)), 2.0 - (not turned))
            )
    return path


@pytest.mark.slow
def test_headlines_that_were_not_in_training_are_told_apart_and_those_that_were_do_not_count(
    run: Any, tmp_path: Path
) -> None:
    train, data = write_pairs(tmp_path / "a.csv", 1, "a"), write_pairs(tmp_path / "b.csv", 2, "b", 40)
    with data.open("a") as file:
        file.write(train.read_text().split("\n", 1)[1])
    found = json.loads(run("headlines", "--train", str(train), "--data", str(data), "--json"))
    metrics = {each["name"]: each for each in found["metrics"]}
    assert metrics["accuracy"]["unit"] == "of 40 pairs"
    assert metrics["accuracy"]["value"] > 0.9 and metrics["accuracy"]["met"]
    assert metrics["accuracy_leaky"]["value"] > 0.9


def test_the_same_headlines_in_both_files_leave_nothing_to_judge(run: Any, tmp_path: Path) -> None:
    train = write_pairs(tmp_path / "a.csv", 1, "a")
    copy = tmp_path / "b.csv"
    copy.write_text(train.read_text().upper().replace("CLICKABILITY_TEST_ID", "clickability_test_id").replace(
        "EYECATCHER_ID", "eyecatcher_id").replace("HEADLINE_", "headline_").replace("HIGHER_CTR", "higher_CTR"))  # fmt: skip
    with pytest.raises(SystemExit, match="nothing is left to judge"):
        run("headlines", "--train", str(train), "--data", str(copy))


@pytest.mark.slow
def test_one_file_is_split_by_groups(run: Any, tmp_path: Path) -> None:
    found = run("headlines", "--train", str(write_pairs(tmp_path / "a.csv", 3, "a", 60)))
    assert "5 folds by groups of tests: 60 pairs in 60 groups" in found


def test_a_file_that_is_not_there_is_one_sentence(run: Any, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="there is no file"):
        run("headlines", "--train", str(tmp_path / "none.csv"))
