"""Preferences of one person: the same as the ledger over everybody."""

import tempfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.pipeline.consent_ledger import show_consent
from tailorbird.pipeline.consent_reader import ConsentReader
from tailorbird.pipeline.people import open_views
from tailorbird.pipeline.preferences import PreferenceReader
from tailorbird.project.project import Project, load_project
from tailorbird.stages.consent.effective import ConsentRules
from tailorbird.testing.state import MemorySuppressions
from tailorbird.types.event import Event
from tailorbird.types.settings import ConsentSettings, PurposeSettings

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
NOW = NOON + timedelta(days=9)
WREN = Path(__file__).resolve().parents[2] / "examples" / "wren"
CONSENT = ConsentSettings(
    defaults={"letters": True},
    soft_opt_in=("letters",),
    purposes={"letters": PurposeSettings(channels=("email", "sms")), "profiling": PurposeSettings(use="profiling")},
)
PEOPLE = ("ana", "ann", "ben")
DEVICES = (None, "phone", "tablet")


@pytest.fixture(scope="module")
def project() -> Project:
    found = load_project(WREN)
    return replace(found, settings=replace(found.settings, consent=CONSENT), campaigns={})


def open_reader(project: Project, folder: Path, kept: MemorySuppressions) -> PreferenceReader:
    def warehouse() -> DuckdbWarehouse:
        return DuckdbWarehouse(threads=1)

    logs = SegmentLog(folder), SegmentLog(folder)
    words = ConsentReader(warehouse, logs[0], ConsentRules(CONSENT), project.settings.identity, lambda: NOW)
    return PreferenceReader(project, warehouse, logs[1], words, kept, kept, lambda: NOW)


words = st.tuples(
    st.sampled_from(["word", "order", "where", "alias", "seen"]),
    st.sampled_from(PEOPLE),
    st.sampled_from(DEVICES),
    st.sampled_from(["letters", "profiling"]),
    st.sampled_from(["", "email", "sms"]),
    st.booleans(),
    st.integers(0, 200),
)


def event(number: int, drawn: tuple[str, str, str | None, str, str, bool, int]) -> Event:
    kind, person, device, purpose, channel, given_, hours = drawn
    at, name = NOON + timedelta(hours=hours), f"e{number}"
    if kind == "word":
        told = {"consents": {purpose: {channel: given_} if channel else given_}}
        who = None if device and given_ else person  # also what a device says without a name
        return Event("track", name, at, at, who, device, event="Consent Updated", properties=told)
    if kind == "order":
        return Event("track", name, at, at, person, device, event="Order Completed", properties={"order_id": name})
    if kind == "where":
        return Event("identify", name, at, at, person, device, traits={"country": "GB" if given_ else "CA"})
    if kind == "alias":
        return Event("alias", name, at, at, person, "ann" if person != "ann" else "ana")
    return Event("page", name, at, at, person, device)


@pytest.mark.slow
@settings(max_examples=8)
@given(st.lists(words, min_size=1, max_size=14))
def test_they_are_what_consent_show_says_of_whoever_it_is(
    project: Project, drawn: list[tuple[str, str, str | None, str, str, bool, int]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log = SegmentLog(Path(folder))
        log.append([event(number, one) for number, one in enumerate(drawn)])
        log.close()
        whole = DuckdbWarehouse(threads=1)
        open_views(whole, SegmentLog(Path(folder)))
        reader = open_reader(project, Path(folder), MemorySuppressions())
        for (person,) in whole.rows("SELECT DISTINCT user_id FROM events WHERE user_id IS NOT NULL"):
            shown = show_consent(project, whole, person, NOW)
            found = reader.read(person)
            assert found.person_id == shown.person_id and found.is_known
            told = [(c.purpose, c.channel, c.state, c.reason, c.last_word_at) for c in found.choices]
            said = [tuple(one.values()) for one in shown.in_force if one["channel"] in reader.offered[one["purpose"]] or not one["channel"]]  # fmt: skip
            assert told == [one for one in said if one[:2] in {each[:2] for each in told}] and len(told) == 4


def test_of_nobody_it_is_what_silence_means_also_in_an_empty_log(project: Project, tmp_path: Path) -> None:
    reader = open_reader(project, tmp_path, MemorySuppressions())
    found = reader.read("it's nobody")
    assert not found.is_known and {one.state for one in found.choices} == {"denied"}


def test_a_channel_is_closed_by_the_person_or_by_others(project: Project, tmp_path: Path) -> None:
    kept = MemorySuppressions()
    reader = open_reader(project, tmp_path, kept)

    def closed() -> dict[str, str]:
        return {one.channel: one.suppressed for one in reader.read("ana").choices}

    kept.add("ana", "email", "unsubscribed", "now")
    assert closed() == {"email": "unsubscribed", "sms": "", "": ""}
    kept.add("ana", "sms", "complained", "now")
    assert closed()["sms"] == "blocked"
    kept.erase(["ana"])
    kept.remove("ana", "email", "x", "now")
    assert closed()["email"] == "blocked"
