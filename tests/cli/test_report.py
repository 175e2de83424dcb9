"""The report on the command line."""

from typing import Any

import pytest

pytestmark = pytest.mark.slow

KEYS = {"treated", "holdout", "lift", "interval", "srm_p", "messages", "model_calls", "rungs", "rejected_by_reason"}


def test_the_json_has_the_documented_keys_and_the_page_needs_no_network(tailorbird: Any, ran: Any) -> None:
    said = tailorbird("report", ran.root, "win_back", "--json").json
    assert set(said) >= KEYS
    assert said["messages"] == said["rungs"]["subject"]["approved"] if "subject" in said["rungs"] else said["messages"]
    assert said["model_calls"] == 0
    page = (ran.root / ".tailorbird" / "reports" / "win_back.html").read_text()
    assert "imulated" in page
    assert 'src="http' not in page and "<link" not in page


def test_a_planted_effect_is_labelled_and_never_learned(tailorbird: Any, ran: Any) -> None:
    before = tailorbird("report", ran.root, "win_back", "--no-learn", "--json").json
    said = tailorbird("report", ran.root, "win_back", "--plant-lift", "0.3", "--json").json
    assert said["learned"] is None
    assert said["lift"] - before["lift"] == pytest.approx(0.3, abs=0.08)
    reports = ran.root / ".tailorbird" / "reports"
    assert "on purpose" in (reports / "win_back-planted.html").read_text()
    assert "on purpose" not in (reports / "win_back.html").read_text(), "the report that stands is left alone"


def test_a_report_of_an_earlier_moment_does_not_roll_the_policy_back(tailorbird: Any, ran: Any) -> None:
    said = tailorbird("report", ran.root, "win_back", "--until", "2026-06-02", "--json").json
    assert said["learned"] is None


def test_a_report_that_cannot_be_written_is_one_clear_error(tailorbird: Any, ran: Any) -> None:
    (ran.root / "file").write_text("in the way")
    for path in (ran.root, ran.root / "file" / "report.html"):
        error = tailorbird("report", ran.root, "win_back", "-o", path).error
        assert str(path) in error and "--output" in error


def test_a_report_of_a_moment_to_come_is_refused(tailorbird: Any, ran: Any) -> None:
    settings = ran.root / "tailorbird.yaml"
    settings.write_text(settings.read_text().replace("simulated: true", "simulated: false"))
    assert "lies ahead" in tailorbird("report", ran.root, "win_back", "--until", "2999-01-01").error


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["replenish"], "decided for nobody yet"),
        (["nope"], "no campaign 'nope'"),
        (["win_back", "--until", "soon"], "no ISO date"),
        (["win_back", "--plant-lift", "2"], "planted lift"),
    ],
)
def test_what_cannot_be_reported_is_one_clear_error(
    tailorbird: Any, ran_root: Any, words: list[str], told: str
) -> None:
    assert told in tailorbird("report", ran_root, *words).error
