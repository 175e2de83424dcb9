"""Erasing a person: afterwards nothing that Tailorbird wrote has a value of theirs, and the audit log is still sound."""

import gzip
import json
import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.cli.run import run_steps
from tailorbird.cli.terminal import Quiet
from tailorbird.types.person import Person
from tests.person_search import NOW, VALUES, ZED, event, everybody_wrote, find, is_sound, meet, places_with

pytestmark = pytest.mark.slow


def test_nothing_is_left_of_somebody_who_got_a_message(ran: Any) -> None:
    project = ran.project
    who = everybody_wrote(project)
    person, _, rows = bootstrap.find_anybody(project, who)
    assert person is not None and {"tb_decisions", "tb_outbox", "tb_traces"} <= set(rows)
    (project.state_dir / "reports").mkdir(exist_ok=True)
    (project.state_dir / "reports" / "gallery.html").write_text(f"<p>To: {min(person.addresses)}</p>")
    (project.state_dir / "reports" / "other.html").write_text("<p>nobody</p>")
    (project.state_dir / "quarantine").mkdir(exist_ok=True)
    with gzip.open(project.state_dir / "quarantine" / "people.jsonl.gz", "wt") as file:
        file.write(json.dumps({"row": 1, "id": who}) + "\n" + json.dumps({"row": 2, "id": "nobody"}) + "\n")
    values = (who, *person.addresses, *person.phones, *person.anonymous_ids, *person.event_ids, *person.traces)
    assert len({place for place, _ in places_with(project, values)}) > 6
    others = sum(1 for _ in (project.state_dir / "outbox").glob("*.eml"))

    done = bootstrap.forget_person(project, person, f"{who} asked for it", Quiet())

    assert places_with(project, values) == []
    assert done.steps["events"] == len(person.event_ids) > 0
    assert sum(1 for _ in (project.state_dir / "outbox").glob("*.eml")) == others - 1
    assert (project.state_dir / "reports" / "other.html").exists()
    assert b"nobody" in gzip.decompress((project.state_dir / "quarantine" / "people.jsonl.gz").read_bytes())
    report = is_sound(project)
    assert report.sound and report.kinds["erasure"] == 2
    assert bootstrap.find_anybody(project, who)[0] is None
    assert bootstrap.was_erased(project, who) and bootstrap.was_erased(project, min(person.addresses))


def test_every_name_of_a_person_is_erased_devices_without_a_login_too(shop: Any) -> None:
    project = shop.project
    meet(project)
    person = find(project, VALUES[1].upper())
    assert person.person_id == ZED
    assert person.anonymous_ids == {VALUES[4], VALUES[5]}
    assert person == find(project, VALUES[5])
    assert {value for _, value in places_with(project, VALUES)} == set(VALUES)
    before = bootstrap.open_events(project).rows("SELECT count(*) FROM events")[0][0]
    bootstrap.forget_person(project, person, "asked", Quiet())
    assert places_with(project, (*VALUES, "zed-event")) == []
    assert bootstrap.open_events(project).rows("SELECT count(*) FROM events")[0][0] == before - 4


def test_a_device_that_others_use_too_stays_theirs(shop: Any) -> None:
    project = shop.project
    meet(project)
    log = SegmentLog(project.state_dir / "events")
    log.append([event(9, user_id="other-1", anonymous_id=VALUES[5], event="Product Viewed")])
    log.close()
    bootstrap.forget_person(project, find(project), "asked", Quiet())
    left = bootstrap.open_events(project).rows("SELECT user_id FROM events WHERE message_id = 'zed-event-9'")
    assert left == [("other-1",)]


def test_an_erased_address_that_is_imported_again_stays_suppressed(shop: Any) -> None:
    project = shop.project
    meet(project)
    bootstrap.forget_person(project, find(project), "asked", Quiet())
    log = SegmentLog(project.state_dir / "events")
    consents = {"email_marketing": True, "personalization": True}
    again = {"email": VALUES[1].upper(), "consents": consents}
    orders = [
        event(20 + n, user_id="new-id", event="Order Completed", timestamp=datetime(2026, 1, 5, tzinfo=UTC),
              properties={"total": 40, "products": [{"product_id": "kettle"}]})
        for n in range(3)
    ]  # fmt: skip
    log.append(
        [event(19, "identify", user_id="new-id", traits=again, timestamp=datetime(2026, 1, 1, tzinfo=UTC)), *orders]
    )
    log.close()
    run_steps(project, replace(shop.campaign, audience=shop.campaign.audience), NOW.isoformat(), Quiet(), True, True, 0)
    decided = bootstrap.open_state(project).decisions.find("win_back", "1")
    assert decided and "new-id" not in {decision.person_id for decision in decided}
    assert places_with(project, ('zed-event-1"',)) == []


def test_a_server_goes_on_appending_while_a_person_is_erased(shop: Any) -> None:
    project = shop.project
    meet(project)
    server = SegmentLog(project.state_dir / "events")
    server.append([event(50, event="Product Viewed"), event(51, user_id="other-2", event="Product Viewed")])
    stop, written = threading.Event(), [0]

    def write() -> None:
        while not stop.is_set():
            written[0] += server.append(
                [event(0, user_id="other-3", event="Product Viewed", message_id=f"other-{written[0]}")]
            )

    thread = threading.Thread(target=write)
    thread.start()
    try:
        bootstrap.forget_person(project, find(project), "asked", Quiet())
    finally:
        stop.set()
        thread.join()
    assert list((project.state_dir / "events").glob("*.jsonl"))  # it is still the server's file
    server.close()
    assert places_with(project, (*VALUES, "zed-event-50")) == []
    others = bootstrap.open_events(project).rows("SELECT count(*) FROM events WHERE user_id LIKE 'other-%'")
    assert others == [(written[0] + 1,)]
    assert not (project.state_dir / "events" / "damaged").exists()


def test_input_files_that_still_have_the_person_are_named(ran: Any, tmp_path: Path) -> None:
    project = ran.project
    mapping = next(iter(project.mappings.values()))
    ours = tmp_path / "people.csv"
    ours.write_text(f"id,email\n1,{VALUES[1]}\n")
    named = replace(project, mappings={"people": replace(mapping, source=str(ours)), **project.mappings})
    person = Person(ZED, frozenset({ZED}), addresses=frozenset({VALUES[1]}))
    assert bootstrap.inputs_with(named, person) == [ours]
    assert VALUES[1] in ours.read_text()
