"""Consent that is withdrawn while a run sends."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.files.quarantine import FolderQuarantine
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.pipeline import withdrawals
from tailorbird.pipeline.ingest import ingest
from tailorbird.pipeline.people import open_views, read_profiles
from tailorbird.pipeline.withdrawals import Withdrawals
from tailorbird.stages.consent.effective import ConsentRules
from tailorbird.types.event import Event, EventType
from tailorbird.types.mapping import ImportMapping, TraitsTarget
from tailorbird.types.profile import Profile
from tailorbird.types.settings import ConsentSettings, IdentitySettings
from tests.stages.identity.conftest import STREAMS

pytestmark = pytest.mark.slow

BEGAN = datetime(2026, 6, 1, 9, tzinfo=UTC)
PROFILES = {
    "yes": Profile("yes", consents={"email_marketing": True}),
    "no": Profile("no", consents={"email_marketing": False}),
    "silent": Profile("silent"),
    "american": Profile("american", country="US", consents={"email_marketing": True}),
    "for_a_while": Profile(
        "for_a_while", consents={"email_marketing": True}, words={"email_marketing": "2026-06-01T10:00:00Z"}
    ),
}
RULES = ConsentRules(ConsentSettings())
SILENCE_IS_NO = ConsentRules(ConsentSettings({"email_marketing": True}))  # but where the law knows an opt-out


class Talk:
    """A log that people write to while a run asks who has withdrawn."""

    def __init__(self, folder: Path, rules: ConsentRules) -> None:
        self.log = SegmentLog(folder)
        self.warehouse = DuckdbWarehouse(threads=1)
        self.ask = Withdrawals(
            PROFILES, "email_marketing", "email", rules, self.warehouse, self.log, BEGAN, lambda: self.now
        )
        self.said = 0
        self.now = BEGAN
        self.say("yes", {"email_marketing": True}, -60000)
        self.say("no", {"email_marketing": False}, -60000)

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
    talk = Talk(tmp_path / "events", SILENCE_IS_NO)
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
    talk.say("yes", {"personalization": False, "email_marketing": True})
    assert talk.ask(["yes"]) == frozenset()


@pytest.mark.parametrize("consents", ["yes", ["email_marketing"], 7, None])
def test_a_malformed_consent_changes_nothing_and_stops_nothing(talk: Talk, consents: Any) -> None:
    talk.say("yes", consents)
    assert talk.ask(["yes", "no"]) == {"no"}


@pytest.mark.parametrize("word", ["true", 1, None])
def test_only_a_true_is_a_yes(talk: Talk, word: Any) -> None:
    talk.say("yes", {"email_marketing": word})
    assert talk.ask(["yes"]) == {"yes"}


def test_a_person_who_says_something_else_keeps_what_silence_means(talk: Talk) -> None:
    assert talk.ask(["american"]) == frozenset()
    talk.say("american", {"personalization": False})
    assert talk.ask(["american"]) == frozenset()
    assert talk.ask.consents(["american"])["american"]["personalization"] is False


def test_a_word_on_the_channel_counts_and_one_on_another_does_not(talk: Talk) -> None:
    talk.say("yes", {"email_marketing": {"sms": False}})
    assert talk.ask(["yes"]) == frozenset()
    talk.say("yes", {"email_marketing": {"email": False}})
    assert talk.ask(["yes"]) == {"yes"}


def test_a_yes_that_runs_out_during_the_send_is_no_consent_from_then_on(talk: Talk) -> None:
    assert talk.ask(["for_a_while"]) == frozenset()
    talk.now = BEGAN + timedelta(hours=2)
    assert talk.ask(["for_a_while"]) == {"for_a_while"}


def test_the_log_is_not_read_for_every_message(tmp_path: Path) -> None:
    talk = Talk(tmp_path, SILENCE_IS_NO)
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
    refused = FolderQuarantine(tmp_path / "quarantine")
    moment = BEGAN - timedelta(minutes=5)  # the import had begun before the run did
    ingest(mapping, path, "imports/left.yaml", DuckdbWarehouse(), talk.log, refused, tmp_path, moment)
    assert talk.ask(["yes"]) == {"yes"}


def test_the_consents_of_all_purposes_are_the_profiles_and_what_was_said_since(talk: Talk) -> None:
    assert talk.ask.consents(["yes", "silent"]) == {"yes": {"email_marketing": True}, "silent": {}}
    talk.say("yes", {"open_tracking": True})
    said = talk.ask.consents(["yes"])["yes"]
    assert said["email_marketing"] and said["open_tracking"] and not said["email_marketing:sms"]


def test_what_was_said_long_before_the_run_is_left_to_the_profile(talk: Talk) -> None:
    talk.say("yes", {"email_marketing": False}, -9000)
    assert talk.ask(["yes"]) == frozenset()


def test_what_test_traffic_says_is_nobodys_word(talk: Talk) -> None:
    assert talk.ask(["no"]) == {"no"}
    at = BEGAN + timedelta(minutes=1)
    said = {"consents": {"email_marketing": True}}
    talk.log.append([Event("track", "t", at, at, "no", None, "Consent Updated", said, context={"test": True})])
    assert talk.ask(["no"]) == {"no"}


def test_each_segment_is_read_once(talk: Talk) -> None:
    talk.say("yes", {"email_marketing": False}, 1)
    for minute in (2, 3):
        talk.ask(["yes"])
        talk.say("yes", {"email_marketing": minute == 3}, minute)
    assert talk.ask(["yes"]) == frozenset()
    assert talk.warehouse.rows("SELECT count(*) FROM send_events") == [(5,)]


def test_a_no_of_an_id_that_turns_out_to_be_the_same_persons_counts(talk: Talk) -> None:
    talk.say("other", {"email_marketing": False}, -9000)
    assert talk.ask(["yes"]) == frozenset()
    at = BEGAN + timedelta(minutes=1)
    talk.log.append([Event("alias", "alias", at, at, "yes", "other")])
    assert talk.ask(["yes", "other"]) == {"yes", "other"}


def test_what_a_parted_person_said_is_not_the_others(talk: Talk) -> None:
    at = BEGAN + timedelta(minutes=1)
    said = {"source": "other", "target": "yes", "by": "ana", "reason": "a mistake"}
    merged = Event("track", "identity:1", at, at, "yes", None, "Identities Merged", said)
    split = Event("track", "identity:2", at + timedelta(minutes=1), at, "yes", None, "Identities Split", said)
    talk.say("other", {"email_marketing": False}, -1)
    talk.say("yes", {"email_marketing": True}, -2)
    talk.log.append([merged])
    assert talk.ask(["yes", "other"]) == {"yes", "other"}
    talk.log.append([split])
    assert talk.ask(["yes", "other"]) == {"other"}


def test_a_no_on_a_shared_device_is_whose_device_it_was_then(talk: Talk) -> None:
    talk.say("yes", {}, 1, "identify", device="tablet")
    talk.say("no", {}, 3, "identify", device="tablet")
    talk.say(None, {"email_marketing": False}, 4, device="tablet")
    assert talk.ask(["yes"]) == frozenset()
    talk.say(None, {"email_marketing": False}, 2, device="tablet")
    assert talk.ask(["yes"]) == {"yes"}


def granted(consents: Mapping[str, bool]) -> set[str]:
    return {key for key, yes in consents.items() if yes}


WORDS = st.dictionaries(st.sampled_from(["email_marketing", "personalization"]), st.booleans(), min_size=1)


@settings(max_examples=40, deadline=None)
@given(
    STREAMS,
    st.lists(WORDS, min_size=10, max_size=10),
    st.lists(st.booleans(), min_size=10, max_size=10),
    st.sampled_from([IdentitySettings(2), IdentitySettings(3, ("email",))]),
)
def test_a_run_finds_the_consents_that_the_views_give_however_the_events_arrive(
    events: list[Event], words: list[dict[str, bool]], breaks: list[bool], by: IdentitySettings
) -> None:
    said = [
        replace(event, event="Consent Updated", properties={"consents": words[n]}, context={"test": breaks[-n]})
        if event.type == "track" and n % 2 and not event.message_id.startswith("identity:")
        else event
        for n, event in enumerate(events)
    ]
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(withdrawals, "REFRESH_SECONDS", 0.0)
        log, warehouse, views = SegmentLog(Path(folder)), DuckdbWarehouse(threads=1), DuckdbWarehouse(threads=1)
        since = BEGAN - timedelta(days=999)
        ask = Withdrawals({}, "email_marketing", "email", RULES, warehouse, log, since, lambda: BEGAN, settings=by)
        for event, ends in zip(said, breaks, strict=False):
            log.append([event])
            if ends:
                ask.consents([])
        open_views(views, log, by)
        expected = {profile.person_id: granted(profile.consents) for profile in read_profiles(views, RULES, BEGAN)}
        assert {person: granted(ask.consents([person])[person]) for person in expected} == expected
        log.close()
