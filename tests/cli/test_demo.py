"""The demo, from import to learned policy, without a model."""

from pathlib import Path
from typing import Any

import pytest


@pytest.mark.slow
@pytest.mark.e2e
def test_the_demo_runs_to_its_end_says_that_it_is_simulated_and_starts_afresh_next_time(
    tailorbird: Any, tmp_path: Path
) -> None:
    words = ["demo", "--no-model", "--people", 900, "--into", tmp_path / "demo"]
    said = tailorbird(*words)
    assert said.code == 0
    for told in ("Every customer in it is simulated", "approved lines only", "result (simulated)", "report ", "gallery ",
                 "outbox ", "tailorbird trace MESSAGE_ID", "done in"):  # fmt: skip
        assert told in said.err
    state = tmp_path / "demo" / ".tailorbird"
    assert (state / "reports" / "win_back.html").exists() and (state / "demo-finished").exists()
    files = sorted(path.name for path in (state / "outbox").glob("*.eml"))
    (state / "demo-finished").unlink()  # as if it had been interrupted near the end
    again = tailorbird(*words)
    assert again.code == 0
    assert "resuming" in again.err
    assert sorted(path.name for path in (state / "outbox").glob("*.eml")) == files


def test_a_folder_of_somebody_elses_is_not_touched(tailorbird: Any, tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("x")
    assert "no demo folder of ours" in tailorbird("demo", "--no-model", "--into", tmp_path).error
    assert (tmp_path / "precious").read_text() == "x"


def test_an_unknown_world_is_told(tailorbird: Any, tmp_path: Path) -> None:
    assert "planted or null" in tailorbird("demo", "--world", "flat", "--into", tmp_path / "d").error
    assert not (tmp_path / "d").exists()


@pytest.mark.slow
def test_a_shop_beside_the_demo_is_left_alone_whatever_its_name(tmp_path: Path) -> None:
    from tailorbird.cli.demo import _open
    from tailorbird.cli.terminal import Quiet

    beside = tmp_path / "demo.new"
    beside.mkdir()
    (beside / "precious").write_text("x")
    for options in ({"seed": 1}, {"seed": 2}):
        assert _open(tmp_path / "demo", options, Quiet()).settings.simulated
    assert (beside / "precious").read_text() == "x"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["demo", "demo.new"]


@pytest.mark.slow
def test_edits_of_a_demo_project_are_kept_when_it_starts_afresh(tmp_path: Path) -> None:
    from tailorbird.cli.demo import _open
    from tailorbird.cli.terminal import Quiet

    folder = tmp_path / "demo"
    for edit in ("# one\n", "# two\n", ""):
        _open(folder, {"edit": edit}, Quiet())
        with (folder / "tailorbird.yaml").open("a") as settings:
            settings.write(edit)
    _open(folder, {"edit": "none"}, Quiet())
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert kept == ["demo", "demo-kept-1", "demo-kept-2"]
    assert [(tmp_path / name / "tailorbird.yaml").read_text()[-6:] for name in kept[1:]] == ["# one\n", "# two\n"]
