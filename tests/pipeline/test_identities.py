"""Identities over the whole log."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.pipeline.identities import Identities, read_identities
from tailorbird.pipeline.people import open_views, read_profiles
from tailorbird.types.event import Event
from tailorbird.types.identity import IDENTITIES_MERGED, IDENTITIES_SPLIT, People
from tailorbird.types.settings import IdentitySettings

pytestmark = pytest.mark.slow

START = datetime(2026, 1, 1, tzinfo=UTC)


def at(hour: int) -> datetime:
    return START + timedelta(hours=hour)


def said(name: str, source: str, target: str, hour: int) -> Event:
    properties = {"source": source, "target": target, "by": "ana", "reason": "one household"}
    return Event("track", f"identity:{hour}", at(hour), at(hour), target, None, name, properties)


def opened(folder: Path, *events: Event, users_max: int = 5) -> DuckdbWarehouse:
    log = SegmentLog(folder / "events")
    log.append(events)
    log.close()
    warehouse = DuckdbWarehouse(threads=1)
    open_views(warehouse, log, IdentitySettings(users_max))
    return warehouse


OLD = Event(
    "identify", "1", at(1), at(1), "old", traits={"email": "old@x.example", "consents": {"email_marketing": True}}
)
NEW = Event("identify", "2", at(2), at(2), "new", traits={"firstName": "Ada", "consents": {"email_marketing": False}})
ALIAS = Event("alias", "3", at(3), at(3), "new", "old")


def test_an_alias_makes_one_person_of_two_with_the_later_word_of_both(tmp_path: Path) -> None:
    warehouse = opened(tmp_path, OLD, NEW, ALIAS)
    (person,) = read_profiles(warehouse)
    assert (person.person_id, person.email, person.first_name) == ("new", "old@x.example", "Ada")
    assert person.words == {"email_marketing": False}
    identities = read_identities(warehouse)
    assert (identities.person_of("old"), list(identities.ids_of("old"))) == ("new", ["new", "old"])
    assert (identities.person_of("else"), list(identities.ids_of("else"))) == ("else", ["else"])
    assert identities.all_ids(["new", "old", "else"]) == ["new", "old", "else"]


def test_a_merge_that_is_split_leaves_the_people_that_there_were(tmp_path: Path) -> None:
    merged = opened(tmp_path / "a", OLD, NEW, said(IDENTITIES_MERGED, "old", "new", 4))
    assert [person.person_id for person in read_profiles(merged)] == ["new"]
    never = opened(tmp_path / "b", OLD, NEW)
    undone = opened(
        tmp_path / "c", OLD, NEW, said(IDENTITIES_MERGED, "old", "new", 4), said(IDENTITIES_SPLIT, "new", "old", 5)
    )
    assert read_profiles(undone) == read_profiles(never)
    assert read_identities(undone).people == People()


def test_a_device_with_more_people_than_the_setting_allows_stays_anonymous(tmp_path: Path) -> None:
    events = [Event("track", f"i{n}", at(n), at(n), f"u{n}", "till", "Product Viewed") for n in range(3)]
    seen = Event("track", "seen", at(9), at(9), None, "till", "Product Viewed")
    query = "SELECT person_id FROM events WHERE message_id = 'seen'"
    assert opened(tmp_path / "a", *events, seen).rows(query) == [("u2",)]
    assert opened(tmp_path / "b", *events, seen, users_max=2).rows(query) == [("anon:till",)]


def test_whoever_holds_identities_sees_what_is_learned_later() -> None:
    identities = Identities()
    identities.update(People({"a": "b", "b": "b"}, {"b": ("a", "b")}))
    assert identities.person_of("a") == "b"
    same = identities.people
    identities.update(People({"a": "b", "b": "b"}, {"b": ("a", "b")}))
    assert identities.people is same
