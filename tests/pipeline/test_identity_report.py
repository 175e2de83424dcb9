"""What is told of an id."""

from datetime import UTC, datetime, timedelta

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.pipeline.identity_report import UnknownIdError, explain_identity, list_merged, list_shared
from tailorbird.pipeline.people import open_views
from tailorbird.types.event import Event
from tailorbird.types.settings import IdentitySettings

START = datetime(2026, 1, 1, tzinfo=UTC)
SEEN = [
    ("ana", "tablet", 1), ("ben", "tablet", 3), ("ana", "tablet", 5), ("ana", "phone", 2),
    ("u1", "till", 1), ("u2", "till", 2), ("u3", "till", 3), (None, "tablet", 4), (None, "kiosk", 4),
]  # fmt: skip


@pytest.fixture(scope="module")
def views(tmp_path_factory: pytest.TempPathFactory) -> DuckdbWarehouse:
    log = SegmentLog(tmp_path_factory.mktemp("log"))
    for number, (user, device, hour) in enumerate(SEEN):
        at = START + timedelta(hours=hour)
        log.append([Event("track", str(number), at, at, user, device, "Product Viewed")])
    at = START + timedelta(hours=7)
    log.append([Event("alias", "x", at, at, "anna", "ana"), Event("alias", "y", at, at, "ben", "till")])
    warehouse = DuckdbWarehouse(threads=1)
    open_views(warehouse, log, IdentitySettings(device_users_max=2))
    log.close()
    return warehouse


@pytest.mark.slow
def test_a_user_is_told_with_ids_links_and_devices(views: DuckdbWarehouse) -> None:
    told = explain_identity(views, "ana", 2)
    assert (told["kind"], told["person_id"], told["ids"]) == ("user", "anna", ["ana", "anna"])
    assert [(link["kind"], link["source"], link["target"], link["counts"]) for link in told["links"]] == [
        ("alias", "ana", "anna", True)
    ]
    tablet = next(device for device in told["devices"] if device["anonymous_id"] == "tablet")
    assert tablet["status"] == "shared"
    assert [(user["user_id"], user["count"]) for user in tablet["users"]] == [("ana", 2), ("ben", 1)]
    assert [(period["since"], period["person_id"]) for period in tablet["periods"]] == [
        (None, "anna"), ("2026-01-01 03:00:00", "ben"), ("2026-01-01 05:00:00", "anna")
    ]  # fmt: skip
    phone = next(device for device in told["devices"] if device["anonymous_id"] == "phone")
    assert phone["status"] == "one person's"


def test_a_device_is_told_with_its_owner_or_that_it_has_none(views: DuckdbWarehouse) -> None:
    assert explain_identity(views, "anon:phone", 2)["person_id"] == "anna"
    assert explain_identity(views, "tablet", 2)["person_id"] is None
    kiosk = explain_identity(views, "kiosk", 2)
    assert (kiosk["kind"], kiosk["person_id"], kiosk["devices"]) == ("device", "anon:kiosk", [])


def test_an_id_that_nothing_carries_is_one_clear_error(views: DuckdbWarehouse) -> None:
    with pytest.raises(UnknownIdError, match="no event carries the id"):
        explain_identity(views, "No'body", 2)


def test_crowded_devices_are_listed_first_and_are_nobodys(views: DuckdbWarehouse) -> None:
    listed = [(device["anonymous_id"], device["people"], device["status"]) for device in list_shared(views, 2)]
    assert listed == [("till", 4, "nobody's: more than 2 people"), ("tablet", 2, "shared")]


def test_people_of_several_ids_are_listed_with_the_links_that_count(views: DuckdbWarehouse) -> None:
    people = {person["person_id"]: person["ids"] for person in list_merged(views)}
    assert people == {"anna": ["ana", "anna"], "ben": ["ben", "till"]}
