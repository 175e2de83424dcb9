import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

HEAD = (
    ",timestamp,item_id,position,click,propensity_score,user_feature_0,user_feature_1,user_feature_2,user_feature_3\n"
)


def write_log(path: Path, shares: list[float], rows: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    with gzip.open(path, "wt") as file:
        file.write(HEAD)
        for at in range(rows):
            item = int(generator.choice(3, p=shares))
            click = int(generator.random() < 0.1 + 0.1 * item)
            file.write(
                f"{at},2019-11-24 00:00:00+00:00,{item},{at % 3 + 1},{click},{shares[item]},a{at % 2},b,c{at % 5},d\n"
            )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_log(tmp_path / "random-men.csv.gz", [1 / 3] * 3, 3_000, 1)
    write_log(tmp_path / "bts-men.csv.gz", [0.1, 0.2, 0.7], 3_000, 2)
    return tmp_path


@pytest.mark.slow
def test_with_enough_rows_errors_are_small_and_nothing_is_called_undecided(run: Any, folder: Path) -> None:
    found = json.loads(run("ope_open_bandit", "--data", str(folder), "--campaign", "men", "--logs", "20", "--json"))
    metrics = {each["name"]: each for each in found["metrics"]}
    assert metrics["relative_error_dr"]["value"] < 0.15
    assert metrics["relative_error_dr"]["low"] <= metrics["relative_error_dr"]["value"]
    assert not any("DECIDES NOTHING" in note for note in found["notes"])
    assert "peer" not in metrics["relative_error_dr"], "published errors are those of another sample"


@pytest.mark.slow
def test_few_clicks_decide_nothing_and_the_command_says_so(run: Any, tmp_path: Path) -> None:
    write_log(tmp_path / "random-all.csv.gz", [1 / 3] * 3, 200, 1)
    write_log(tmp_path / "bts-all.csv.gz", [0.1, 0.2, 0.7], 200, 2)
    said = run("ope_open_bandit", "--data", str(tmp_path), "--logs", "4")
    assert "DECIDES NOTHING" in said


def test_a_campaign_that_is_not_there_is_one_sentence(run: Any, folder: Path) -> None:
    with pytest.raises(SystemExit, match=r"no random-women\.csv\.gz"):
        run("ope_open_bandit", "--data", str(folder), "--campaign", "women")
