"""Consent that is withdrawn while a run sends."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.pipeline import withdrawals
from tailorbird.pipeline.withdrawals import Withdrawals
from tailorbird.types.event import Event
from tailorbird.types.profile import Profile

BEGAN = datetime(2026, 6, 1, 9, tzinfo=UTC)
PROFILES = {
    "yes": Profile("yes", consents={"email_marketing": True}),
    "no": Profile("no", consents={"email_marketing": False}),
    "silent": Profile("silent"),
}


class Talk:
    """A log that people write to while a run asks who has withdrawn."""

    def __init__(self, folder: Path, defaults: dict[str, bool]) -> None:
        self.log = SegmentLog(folder)
        self.ask = Withdrawals(PROFILES, "email_marketing", defaults, DuckdbWarehouse(), self.log, BEGAN)
        self.said = 0

    def say(self, person: str, consents: Any, minute: int = 1, kind: str = "track") -> None:
        self.said += 1
        at = BEGAN + timedelta(minutes=minute)
        body: dict[str, Any] = {"properties" if kind == "track" else "traits": {"consents": consents}}
        name = "Consent Updated" if kind == "track" else None
        self.log.append([Event(kind, event=name, message_id=f"e{self.said}", timestamp=at, received_at=at, user_id=person, **body)])  # type: ignore[arg-type]  # fmt: skip


@pytest.fixture
def talk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Talk]:
    monkeypatch.setattr(withdrawals, "REFRESH_SECONDS", 0.0)
    talk = Talk(tmp_path / "events", {})
    yield talk
    talk.log.close()


def test_a_person_who_said_yes_before_the_run_may_be_written_to(talk: Talk) -> None:
    assert talk.ask(["yes", "no", "silent", "stranger"]) == {"no", "silent", "stranger"}


def test_a_no_during_the_run_counts_from_the_next_question_on(talk: Talk) -> None:
    assert talk.ask(["yes"]) == frozenset()
    talk.say("yes", {"email_marketing": False})
    assert talk.ask(["yes"]) == {"yes"}


def test_the_last_word_counts_in_events_and_in_traits(talk: Talk) -> None:
    talk.say("yes", {"email_marketing": False}, 1)
    talk.say("yes", {"email_marketing": True}, 2, "identify")
    talk.say("no", {"email_marketing": True}, 1)
    assert talk.ask(["yes", "no"]) == frozenset()


def test_a_word_on_another_purpose_changes_nothing(talk: Talk) -> None:
    talk.say("yes", {"personalization": False})
    assert talk.ask(["yes"]) == frozenset()


@pytest.mark.parametrize("consents", ["yes", ["email_marketing"], 7, None])
def test_a_malformed_consent_changes_nothing_and_stops_nothing(talk: Talk, consents: Any) -> None:
    talk.say("yes", consents)
    assert talk.ask(["yes", "no"]) == {"no"}


@pytest.mark.parametrize("word", ["true", 1, None])
def test_only_a_true_is_a_yes(talk: Talk, word: Any) -> None:
    talk.say("yes", {"email_marketing": word})
    assert talk.ask(["yes"]) == {"yes"}


def test_the_projects_default_holds_for_people_who_never_said_anything(tmp_path: Path) -> None:
    talk = Talk(tmp_path, {"email_marketing": True})
    assert talk.ask(["silent", "no"]) == {"no"}
    talk.log.close()


def test_the_log_is_not_read_for_every_message(tmp_path: Path) -> None:
    talk = Talk(tmp_path, {})
    assert talk.ask(["yes"]) == frozenset()
    talk.say("yes", {"email_marketing": False})
    assert talk.ask(["yes"]) == frozenset()  # within REFRESH_SECONDS of the last reading
    talk.log.close()
