"""What somebody says, as one event."""

from datetime import UTC, datetime
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.pipeline.preference_words import PreferenceError, PreferenceWords, Speaker, read_spoken
from tailorbird.stages.consent.records import records_of
from tailorbird.testing.state import MemoryOutbox, MemorySuppressions
from tailorbird.testing.state_conformance import example_message
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.settings import ConsentSettings

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
OFFERED = {"letters": ("email", "sms"), "email_marketing": ("email",), "profiling": ()}
KEYS = [(purpose, channel) for purpose, channels in OFFERED.items() for channel in ("", *channels)]


class BrokenReader:
    """A log that cannot be read."""

    offered = OFFERED

    def ids_of(self, person_id: str) -> list[str]:
        raise TailorbirdError("the log cannot be read")


@pytest.mark.slow
@given(st.dictionaries(st.sampled_from(KEYS), st.booleans(), min_size=1))
def test_the_event_says_to_the_ledger_what_was_said(spoken: dict[tuple[str, str], bool]) -> None:
    spoken = {key: yes for key, yes in spoken.items() if not key[1] or (key[0], "") not in spoken}
    words = PreferenceWords(cast(Any, BrokenReader()), MemorySuppressions(), MemoryOutbox())
    event = words.event(Speaker("ana", True, "page"), spoken, NOON, {})
    assert dict(read_spoken(event.properties["consents"], OFFERED)) == spoken
    records = records_of("r", "ana", NOON, NOON, event.properties, "api", ConsentSettings(), "")
    assert {(one.purpose, one.channel): one.given for one in records} == spoken


def test_a_log_that_cannot_be_read_does_not_keep_the_queue_full() -> None:
    outbox, suppressions = MemoryOutbox([example_message("ana")]), MemorySuppressions()
    words = PreferenceWords(cast(Any, BrokenReader()), suppressions, outbox)
    words.close(Speaker("ana", True, "page", channel="email"), {("email_marketing", ""): False}, NOON, everything=True)
    found = outbox.find("m_ana")
    assert found is not None and found.state == "withdrawn"
    assert suppressions.reasons(["ana"], "email") == {"ana": "unsubscribed"}


def test_what_the_project_does_not_have_is_refused_with_what_is_near() -> None:
    with pytest.raises(PreferenceError, match="no purpose 'leters'; did you mean 'letters'"):
        read_spoken({"leters": True}, OFFERED)
    with pytest.raises(PreferenceError, match="no channel 'sm'; did you mean 'sms'"):
        read_spoken({"letters": {"sm": True}}, OFFERED)
    with pytest.raises(PreferenceError, match="no channel ''"):
        read_spoken({"profiling": {"": True}}, OFFERED)
