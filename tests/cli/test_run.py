"""Running on the command line."""

from pathlib import Path
from typing import Any

import pytest

from tailorbird.cli.run import sentence
from tailorbird.pipeline.run import STEPS, StepResult


@pytest.mark.slow
def test_a_run_that_is_done_says_so_step_by_step_and_sends_nothing(tailorbird: Any, ran: Any) -> None:
    outbox = ran.root / ".tailorbird" / "outbox"
    before = sorted(path.name for path in outbox.iterdir())
    said = tailorbird("run", ran.root, "win_back", "--no-model")
    assert said.code == 0
    assert [line.split()[0] for line in said.err.splitlines() if line.split()[0] in STEPS] == list(STEPS)
    assert said.err.count("(done before)") == len(STEPS) - 1
    assert sorted(path.name for path in outbox.iterdir()) == before
    told = tailorbird("run", ran.root, "win_back", "--no-model", "--json").json
    assert set(told["steps"]) == set(STEPS)
    assert told["steps"]["deliver"]["sent"] == len(before)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["win_bak"], "no campaign 'win_bak'; there are:"),
        (["win_back", "--as-of", "2020-01-01", "--step", "x"], "matches none of 900 people"),
    ],
)
def test_what_cannot_run_is_one_clear_error(tailorbird: Any, ran: Any, words: list[str], told: str) -> None:
    assert told in tailorbird("run", ran.root, *words, "--no-model").error


@pytest.mark.slow
def test_a_sender_that_nobody_wrote_is_told_with_the_built_in_ones(tailorbird: Any, ran: Any) -> None:
    settings = ran.root / "tailorbird.yaml"
    settings.write_text(settings.read_text().replace("adapter: files", "adapter: smpt"))
    error = tailorbird("run", ran.root, "win_back", "--no-model").error
    assert "'smpt'" in error and "files, smtp" in error


@pytest.mark.slow
def test_every_step_has_a_sentence(ran_root: Path) -> None:
    from tailorbird import bootstrap
    from tailorbird.project.project import load_project

    steps = bootstrap.open_state(load_project(ran_root)).ledger.runs("win_back")[0]["steps"]
    assert set(steps) == set(STEPS)
    for step, detail in steps.items():
        assert sentence(StepResult(step, detail)).startswith(step)
        assert sentence(StepResult(step, detail, True)).endswith("(done before)")


@pytest.mark.slow
def test_an_outbox_folder_that_cannot_be_made_stops_the_run(tailorbird: Any, ran: Any) -> None:
    outbox = ran.root / ".tailorbird" / "outbox"
    outbox.rename(outbox.with_name("gone"))
    outbox.write_text("in the way")
    assert "outbox" in tailorbird("run", ran.root, "win_back", "--no-model").error


def test_the_run_needs_a_project(tailorbird: Any, tmp_path: Path) -> None:
    assert "no tailorbird.yaml here" in tailorbird("run", tmp_path, "win_back").error


@pytest.mark.slow
def test_what_failed_or_is_unknown_goes_out_again_only_when_that_is_asked_for(tailorbird: Any, ran: Any) -> None:
    from sqlalchemy import create_engine, text

    outbox = ran.root / ".tailorbird" / "outbox"
    path = sorted(outbox.iterdir())[0]
    path.unlink()
    with create_engine(f"sqlite:///{ran.root}/.tailorbird/state.db").begin() as connection:
        spoil = text("UPDATE tb_outbox SET state = 'failed', detail = '550 no' WHERE idempotency_key = :key")
        assert connection.execute(spoil, {"key": path.stem}).rowcount == 1
    again = ("run", ran.root, "win_back", "--no-model", "--as-of", "2026-06-01T00:00:00+00:00")
    for words in ((), ("--retry", "unknown")):
        assert tailorbird(*again, *words).code == 0
        assert not path.exists()
    said = tailorbird(*again, "--retry", "failed")
    assert "1 failed messages are queued again" in said.err
    assert b"DKIM-Signature" in path.read_bytes()


@pytest.mark.slow
@pytest.mark.parametrize("step", ["x/../../escaped", "", "ü", "a" * 101])
def test_a_step_that_could_be_a_path_is_refused(tailorbird: Any, ran: Any, step: str) -> None:
    error = tailorbird("run", ran.root, "win_back", "--no-model", "--step", step).error
    assert "--step: a step is 1 to 100 letters, digits, hyphens and underscores" in error


@pytest.mark.slow
def test_a_template_without_a_footer_sends_nothing(tailorbird: Any, ran: Any) -> None:
    template = ran.root / "templates" / "letter" / "message.txt"
    template.write_text(template.read_text().replace("links.unsubscribe", "links.home"))
    error = tailorbird("run", ran.root, "win_back", "--no-model", "--step", "2").error
    assert "there is no unsubscribe link" in error


@pytest.mark.slow
def test_two_campaigns_do_not_decide_at_once(tailorbird: Any, ran: Any) -> None:
    from tailorbird import bootstrap

    hold = bootstrap.open_locks(ran.project)
    with hold("deciding", "x"):
        assert tailorbird("run", ran.root, "win_back", "--no-model").code == 0, "everything was decided before"
        error = tailorbird("run", ran.root, "win_back", "--no-model", "--step", "2").error
    assert "the deciding of another campaign of this project is under way already" in error


def test_the_audience_is_told_with_its_variants() -> None:
    told = sentence(
        StepResult("audience", {"matched": 9, "excluded": {}, "treated": 5, "holdout": 2, "variants": {"b": 2, "a": 3}})
    )
    assert "5 get a message (3 in a, 2 in b); 2 are held out" in told
