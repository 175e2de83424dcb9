"""From last words to what is in force, for many people at once."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.pipeline.consents import ConsentJudge
from tailorbird.pipeline.people import open_views, read_profiles
from tailorbird.stages.consent.effective import ConsentRules
from tailorbird.types.event import Event
from tailorbird.types.settings import ConsentSettings

pytestmark = pytest.mark.slow

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
SILENCE_IS_YES = ConsentRules(ConsentSettings({"email_marketing": True}))


def opened(folder: Path, *events: Event) -> DuckdbWarehouse:
    log = SegmentLog(folder / "events")
    log.append(events)
    warehouse = DuckdbWarehouse(threads=1)
    open_views(warehouse, log)
    return warehouse


def known(person: str, country: str) -> Event:
    return Event("identify", f"i-{person}", NOON, NOON, person, traits={"country": country})


def bought(person: str, days_ago: int) -> Event:
    at = NOON - timedelta(days=days_ago)
    return Event("track", f"o-{person}", at, at, person, event="Order Completed")


def test_silence_means_what_the_persons_country_and_last_purchase_make_of_it(tmp_path: Path) -> None:
    warehouse = opened(
        tmp_path,
        known("american", "US"), known("briton", "GB"), known("nowhere", "Atlantis"),
        known("canadian", "CA"), bought("canadian", 300), known("lapsed", "CA"), bought("lapsed", 800),
    )  # fmt: skip
    profiles = {p.person_id: p for p in read_profiles(warehouse, SILENCE_IS_YES, NOON)}
    granted = {name for name, p in profiles.items() if p.consents["email_marketing"]}
    assert granted == {"american", "canadian"}
    assert profiles["canadian"].purchased_at == (NOON - timedelta(days=300)).replace(hour=0)
    assert profiles["american"].purchased_at is None  # nothing there depends on it
    later = {p.person_id: p for p in read_profiles(warehouse, SILENCE_IS_YES, NOON + timedelta(days=500))}
    assert not later["canadian"].consents["email_marketing"]


def test_equal_cases_share_what_was_judged(tmp_path: Path) -> None:
    judge = ConsentJudge(SILENCE_IS_YES, opened(tmp_path, known("a", "US")), NOON)
    assert judge("a", '{"p":true}', "US") is judge("b", '{"p":true}', "us")
    assert judge("a", '{"p":true}', "US") is not judge("a", '{"p":true}', "GB")


def test_a_yes_is_in_force_until_its_moment(tmp_path: Path) -> None:
    warehouse = opened(tmp_path, known("a", "US"))
    words = '{"email_marketing":"2026-06-01T12:00:00Z"}'
    before = ConsentJudge(SILENCE_IS_YES, warehouse, NOON - timedelta(seconds=1))
    assert before("a", words, "US").in_force["email_marketing"]
    assert not ConsentJudge(SILENCE_IS_YES, warehouse, NOON)("a", words, "US").in_force["email_marketing"]
