"""Queues are emptied of whoever said no, by whichever id."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.pipeline import withdrawals
from tailorbird.pipeline.consent_reader import ConsentReader
from tailorbird.pipeline.empty_queue import QueueEmptier
from tailorbird.pipeline.people import open_views, read_profiles
from tailorbird.ports.event_log import EventLogError
from tailorbird.stages.consent.effective import ConsentRules
from tailorbird.testing.state import MemoryOutbox
from tailorbird.types.event import Event, EventType
from tailorbird.types.message import Message, MessageRecord
from tailorbird.types.settings import ConsentSettings, IdentitySettings
from tests.stages.identity.conftest import STREAMS, USERS

pytestmark = pytest.mark.slow

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
RULES = ConsentRules(ConsentSettings())
NO = {"email_marketing": False}


def message(person: str, purpose: str = "email_marketing", channel: str = "email") -> Message:
    key = f"{person}-{purpose}-{channel}"
    return Message(
        message_id=f"m-{key}", decision_id=f"d-{key}", campaign="win_back", step="1", person_id=person,
        purpose=purpose, channel=channel, address=f"{person}@shop.example", subject="Hi", raw=b"bytes",
        idempotency_key=key,
    )  # fmt: skip


class BusyOutbox(MemoryOutbox):
    """Its database can be busy."""

    busy = False

    def withdraw(self, records: Sequence[MessageRecord], at: datetime, reason: str) -> int:
        if self.busy:
            raise EventLogError("the database is busy")
        return super().withdraw(records, at, reason)


class Queue:
    """A queue over a real log that people write to."""

    def __init__(self, folder: Path, by: IdentitySettings | None = None) -> None:
        self.outbox, self.log = BusyOutbox(), SegmentLog(folder)
        reader = ConsentReader(
            lambda: DuckdbWarehouse(threads=1), SegmentLog(folder), RULES, by or IdentitySettings(), lambda: NOON
        )
        self.emptier = QueueEmptier(self.outbox, reader, RULES, lambda: NOON)
        self.said = 0

    def say(
        self,
        person: str | None,
        consents: Any = None,
        kind: EventType = "track",
        device: str | None = None,
        **more: Any,
    ) -> None:
        self.said += 1
        at = NOON - timedelta(hours=2) + timedelta(minutes=self.said)
        body: dict[str, Any] = {}
        if consents is not None:
            body = {"properties" if kind == "track" else "traits": {"consents": consents, **more}}
        name = "Consent Updated" if kind == "track" else None
        self.log.append([Event(kind, f"e{self.said}", at, at, person, device, name, **body)])

    def state(self, person: str, **more: str) -> tuple[str, str]:
        found = self.outbox.find(message(person, **more).message_id)
        assert found is not None
        return found.state, found.detail

    def waiting(self) -> set[str]:
        return set(self.outbox.people())


@pytest.fixture
def queue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Queue]:
    monkeypatch.setattr(withdrawals, "REFRESH_SECONDS", 0.0)
    queue = Queue(tmp_path / "events")
    queue.say("cleo", {"email_marketing": True})
    yield queue
    queue.log.close()


SAID_NO = ("withdrawn", "consent withdrawn: the person said no")


def test_a_no_empties_the_queue_of_its_person_purpose_and_channel_alone(queue: Queue) -> None:
    queue.outbox.queue([message("ana"), message("ana", "news"), message("ben"), message("cleo")])
    assert queue.emptier.empty() == 0
    queue.say("ana", NO)
    assert queue.emptier.follow() == 1
    assert queue.state("ana") == SAID_NO
    assert queue.state("ana", purpose="news")[0] == "queued"
    assert queue.state("ben")[0] == queue.state("cleo")[0] == "queued"
    queue.say("ben", {"email_marketing": {"sms": False}})
    assert queue.emptier.follow() == 0
    queue.say("ben", {"email_marketing": {"email": False}}, "identify")
    assert queue.emptier.follow() == 1


def test_what_was_withdrawn_keeps_neither_bytes_nor_address(queue: Queue) -> None:
    queue.outbox.queue([message("ana")])
    queue.say("ana", NO)
    assert queue.emptier.empty() == 1
    found = queue.outbox.find(message("ana").message_id)
    assert found is not None and found.address == ""
    assert queue.outbox.claim("win_back", "1", 10) == []


def test_a_no_under_one_id_of_a_merged_person_empties_all(queue: Queue) -> None:
    queue.outbox.queue([message("ana"), message("old-ana"), message("ben")])
    queue.say("ana", None, "alias", "old-ana")
    queue.say("old-ana", NO)
    assert queue.emptier.empty() == 2
    assert queue.state("ana") == queue.state("old-ana") == SAID_NO


def test_a_merge_brings_an_earlier_no_to_the_queue_of_the_other_id(queue: Queue) -> None:
    queue.outbox.queue([message("ana"), message("ben")])
    queue.say("old-ana", NO)
    assert queue.emptier.empty() == 0 == queue.emptier.follow()
    queue.say("ana", None, "alias", "old-ana")
    assert queue.emptier.follow() == 1
    assert queue.waiting() == {"ben"}


def test_a_no_of_a_device_counts_as_soon_as_its_person_is_known(queue: Queue) -> None:
    queue.outbox.queue([message("ana"), message("ben")])
    queue.say(None, NO, device="phone")
    assert queue.emptier.empty() == 0
    queue.say("ana", None, "identify", "phone")
    assert queue.emptier.follow() == 1
    assert queue.state("ana") == SAID_NO and queue.state("ben")[0] == "queued"


def test_silence_withdraws_nothing_and_a_yes_that_ran_out_does(queue: Queue) -> None:
    queue.outbox.queue([message("ana"), message("ben")])
    queue.say("ana", {"email_marketing": True}, expires_at="2026-06-01T11:00:00Z")
    assert queue.emptier.empty() == 1
    assert queue.state("ana")[1].startswith("consent withdrawn: the person's yes ran out")
    assert queue.waiting() == {"ben"}


def test_after_an_error_the_same_people_are_judged_again(queue: Queue) -> None:
    queue.outbox.queue([message("ana")])
    assert queue.emptier.empty() == 0
    queue.say("ana", NO)
    queue.outbox.busy = True
    with pytest.raises(EventLogError):
        queue.emptier.follow()
    queue.outbox.busy = False
    assert queue.emptier.follow() == 1


def test_an_empty_queue_is_told_and_nothing_is_read(queue: Queue) -> None:
    assert not queue.emptier.is_waiting() and queue.emptier.empty() == 0
    queue.outbox.queue([message("ana")])
    assert queue.emptier.is_waiting()


WORDS = st.sampled_from([NO, {"email_marketing": True}, {"email_marketing": {"email": False}}, {"news": False}])


@settings(max_examples=25, deadline=None)
@given(
    STREAMS,
    st.lists(WORDS, min_size=10, max_size=10),
    st.lists(st.booleans(), min_size=10, max_size=10),
    st.sampled_from([IdentitySettings(2), IdentitySettings(3, ("email",))]),
)
def test_after_any_stream_nothing_waits_that_the_person_s_words_forbid(
    events: list[Event], words: list[dict[str, Any]], breaks: list[bool], by: IdentitySettings
) -> None:
    said = [
        replace(event, event="Consent Updated", properties={"consents": words[n]})
        if event.type == "track" and n % 2 and not event.message_id.startswith("identity:")
        else event
        for n, event in enumerate(events)
    ]
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(withdrawals, "REFRESH_SECONDS", 0.0)
        queue, views = Queue(Path(folder), by), DuckdbWarehouse(threads=1)
        queue.outbox.queue([message(user) for user in USERS])
        queue.emptier.empty()
        denied: set[str] = set()
        for event, ends in zip(said, [*breaks[: len(said) - 1], True], strict=False):
            queue.log.append([event])
            if ends:
                queue.emptier.follow()
                open_views(views, queue.log, by)
                denied |= forbidden(views)
        assert set(USERS) - queue.waiting() == denied
        queue.log.close()


def forbidden(views: DuckdbWarehouse) -> set[str]:
    """Who of the users, by the views that a campaign decides from, said no."""
    person_of = dict(views.rows("SELECT id, person_id FROM identity_people"))
    words = {profile.person_id: profile.words for profile in read_profiles(views, RULES, NOON)}
    found = set()
    for user in USERS:
        ruling = RULES.judge(words.get(person_of.get(user, user), {}), "email_marketing", "email", None, None, NOON)
        if ruling.reason == "the person said no":
            found.add(user)
    return found
