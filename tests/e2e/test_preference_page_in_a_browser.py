"""The preference page in a real Chromium that runs no script, by keyboard alone, in both languages; and while a run sends:
the relay's record says what arrived after a person's no, and the database is not asked."""

import shutil
import time
from pathlib import Path

import pytest

from tailorbird import bootstrap
from tailorbird.pipeline.consent_ledger import show_consent
from tailorbird.project.project import load_project
from tailorbird.stages.tracking.tokens import sign_token

from .chromium import Browser
from .processes import Sink, await_mails, message_of, relayed, running, serving

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
LIMIT_SECONDS = 5.0
PURPOSES = 4


@pytest.fixture
def browser(browser: Browser) -> Browser:
    """It runs no script."""
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    return browser


def say_no_to_the_first(browser: Browser, saved: str) -> float:
    """By keyboard: into the first pair, to its no, past the other pairs to the button. The moment of the answer."""
    browser.press("Tab", "ArrowRight", *["Tab"] * PURPOSES, "Enter")
    browser.wait_for(saved)
    return time.monotonic()


def test_people_say_no_while_a_run_sends_and_nothing_arrives_afterwards(
    filled: Path, tmp_path: Path, browser: Browser
) -> None:
    root = tmp_path / "wren"
    shutil.copytree(filled, root)
    sink, project = Sink(), load_project(root)
    state, (key, _) = bootstrap.open_state(project), bootstrap.open_keys(project)
    said: dict[str, tuple[str, float]] = {}
    words = {"en-GB": ("Your preferences", "Saved."), "de-DE": ("Einstellungen", "Gespeichert.")}
    with relayed(root, sink), running(root) as run, serving(root) as server:
        await_mails(sink.taken, run)
        treated = [one for one in state.decisions.find("win_back", "1") if one.arm == "treatment"]
        emails = dict(bootstrap.open_events(project).rows("SELECT person_id, lower(email) FROM people"))
        for locale, (title, saved) in words.items():
            waiting = [
                one for one in treated if emails[one.person_id] not in {*sink.taken, *(e for e, _ in said.values())}
            ]
            chosen = (waiting or treated)[-1]  # a fast machine may have sent all: the page works all the same
            token = sign_token("p", (message_of(chosen.decision_id), locale), key)
            html = browser.open(f"{server.url}/p/{token}", title)
            assert f'lang="{locale[:2]}"' in html and emails[chosen.person_id] not in html
            said[chosen.person_id] = (emails[chosen.person_id], say_no_to_the_first(browser, saved))
        assert run.wait() == 0
    assert said and sink.taken
    for person, (email, at) in said.items():
        assert sink.taken.get(email, 0.0) <= at + LIMIT_SECONDS, person
        told = show_consent(project, bootstrap.open_events(project), person, bootstrap.open_clock().now())
        assert told.records[-1].method == "preference_page" and not told.records[-1].given
        assert {one["state"] for one in told.in_force if one["purpose"] == "email_marketing"} == {"denied"}
    assert any(email not in sink.taken for email, _ in said.values()), "nobody's mail was still waiting"
