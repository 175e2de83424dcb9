"""Consent that is withdrawn while a run sends."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.pipeline import withdrawals
from tailorbird.pipeline.ingest import ingest
from tailorbird.pipeline.withdrawals import Withdrawals
from tailorbird.types.event import Event, EventType
from tailorbird.types.mapping import ImportMapping, TraitsTarget
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
        self.warehouse = DuckdbWarehouse(threads=1)
        self.ask = Withdrawals(PROFILES, "email_marketing", defaults, self.warehouse, self.log, BEGAN)
        self.said = 0

    def say(
        self,
        person: str | None,
        consents: Any,
        minute: float = 1,
        kind: EventType = "track",
        device: str | None = None,
        received: float | None = None,
    ) -> None:
        """`minute` is when it was said, `received` when it came, in minutes after the run began."""
        self.said += 1
        at, came = (BEGAN + timedelta(minutes=m) for m in (minute, minute if received is None else received))
        body: dict[str, Any] = {"properties" if kind == "track" else "traits": {"consents": consents}}
        name = "Consent Updated" if kind == "track" else None
        self.log.append([Event(kind, f"e{self.said}", at, came, person, device, name, **body)])


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


def test_a_no_by_a_device_counts_for_the_person_it_belongs_to(talk: Talk) -> None:
    talk.say("yes", {}, -9000, "identify", device="phone")
    assert talk.ask(["yes"]) == frozenset()
    talk.say(None, {"email_marketing": False}, device="phone")
    assert talk.ask(["yes"]) == {"yes"}


def test_a_no_by_a_device_counts_once_its_person_is_known(talk: Talk) -> None:
    talk.say(None, {"email_marketing": False}, -9000, device="phone")
    assert talk.ask(["yes"]) == frozenset()
    talk.say("yes", {}, kind="identify", device="phone")
    assert talk.ask(["yes"]) == {"yes"}


def test_an_old_yes_that_comes_late_does_not_override_a_newer_no(talk: Talk) -> None:
    talk.say("no", {"email_marketing": False}, -9000)
    talk.say("no", {"email_marketing": True}, -9001, received=1)
    assert talk.ask(["no"]) == {"no"}


def test_an_opt_out_that_is_imported_during_the_send_counts_though_it_was_said_long_ago(
    talk: Talk, tmp_path: Path
) -> None:
    assert talk.ask(["yes"]) == frozenset()
    path = tmp_path / "left.csv"
    path.write_text("who,when,mail\nyes,2026-05-01,no\n")
    mapping = ImportMapping("left.csv", traits=TraitsTarget("who", "when", consents={"email_marketing": "mail"}))
    moment = BEGAN - timedelta(minutes=5)  # the import had begun before the run did
    ingest(mapping, path, "imports/left.yaml", DuckdbWarehouse(), talk.log, tmp_path, moment)
    assert talk.ask(["yes"]) == {"yes"}


def test_the_consents_of_all_purposes_are_the_profiles_and_what_was_said_since(talk: Talk) -> None:
    assert talk.ask.consents(["yes", "silent"]) == {"yes": {"email_marketing": True}, "silent": {}}
    talk.say("yes", {"personalization": True, "open_tracking": "true"})
    assert talk.ask.consents(["yes", "stranger"]) == {
        "yes": {"email_marketing": True, "personalization": True, "open_tracking": False},
        "stranger": {},
    }


def test_what_was_said_long_before_the_run_is_left_to_the_profile(talk: Talk) -> None:
    talk.say("yes", {"email_marketing": False}, -9000)
    assert talk.ask(["yes"]) == frozenset()


def test_each_segment_is_read_once(talk: Talk) -> None:
    talk.say("yes", {"email_marketing": False}, 1)
    for minute in (2, 3):
        talk.ask(["yes"])
        talk.say("yes", {"email_marketing": minute == 3}, minute)
    assert talk.ask(["yes"]) == frozenset()
    assert talk.warehouse.rows("SELECT count(*) FROM send_events") == [(3,)]
