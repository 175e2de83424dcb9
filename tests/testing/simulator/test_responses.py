import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tailorbird.adapters.files.quarantine import FolderQuarantine
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.stages.tracking.tokens import sign_token
from tailorbird.testing.event_log_conformance import read_segments
from tailorbird.testing.simulator.history import DEFAULT_AS_OF as AS_OF
from tailorbird.testing.simulator.responses import simulate_responses
from tailorbird.testing.simulator.world import SimulatorError, World, make_world
from tailorbird.testing.state import FixedClock, MemoryOutbox, MemorySuppressions
from tailorbird.testing.state_conformance import example_message
from tailorbird.types.item import Item
from tailorbird.web.app import create_app
from tailorbird.web.server import BackgroundServer

pytestmark = pytest.mark.slow

KEY = b"s" * 32
SUBJECT = "A quiet morning with the Tansy stoneware mug?"


@dataclass
class Delivered:
    """A world of which three quarters got a message and the rest nothing, and the server that its links lead to."""

    world: World
    root: Path
    holdout: frozenset[str]
    url: str
    suppressions: MemorySuppressions

    def events(self) -> list[dict[str, Any]]:
        rows = read_segments(SegmentLog(self.root / "events").seal())
        return [{**row, "properties": json.loads(row["properties"])} for row in rows]


@pytest.fixture
def delivered(items: Sequence[Item], tmp_path: Path) -> Iterator[Delivered]:
    world = make_world(items, 11, 800)
    outbox, suppressions = MemoryOutbox(), MemorySuppressions()
    app = create_app(
        log=SegmentLog(tmp_path / "events"),
        quarantine=FolderQuarantine(tmp_path / "quarantine"),
        messages=outbox,
        waiting=outbox,
        suppressions=suppressions,
        clock=FixedClock(AS_OF),
        tracking_key=KEY,
        simulated_time=True,
    )
    (tmp_path / "outbox").mkdir()
    treated = world.people[:600]
    outbox.queue([
        replace(example_message(p.person_id, raw=b""), address=p.email, subject=SUBJECT)
        for p in treated
    ])  # fmt: skip
    with BackgroundServer(app) as server:
        for person in treated:
            write_mail(tmp_path / "outbox", f"m_{person.person_id}", person.email, person.consents["open_tracking"])
        held_out = frozenset(p.person_id for p in world.people[600:])
        yield Delivered(world, tmp_path, held_out, server.url, suppressions)


def write_mail(folder: Path, message_id: str, address: str, pixel: bool, subject: str = SUBJECT) -> None:
    base = "http://127.0.0.1:8787"
    click = f"{base}/c/{sign_token('c', (message_id, 'hero', 'https://shop.example/p/1'), KEY)}"
    trap = f"{base}/c/{sign_token('c', (message_id, 'trap', 'https://shop.example/'), KEY)}"
    leave = f"{base}/u/{sign_token('u', (message_id,), KEY)}"
    image = f'<img src="{base}/o/{sign_token("o", (message_id,), KEY)}.gif">' if pixel else ""
    message = EmailMessage()
    message["To"], message["Subject"], message["List-Unsubscribe"] = address, subject, f"<{leave}>"
    message.set_content("Tansy stoneware mug")
    body = f'<p>The mug is here.</p><a href="{click}">See it</a><a href="{trap}" style="display:none">x</a>{image}'
    message.add_alternative(body, subtype="html")
    (folder / f"{message_id}.eml").write_bytes(bytes(message))


def test_people_respond_through_the_real_links_and_the_counts_agree(delivered: Delivered) -> None:
    done: list[int] = []
    outbox = delivered.root / "outbox"
    report = simulate_responses(
        delivered.world, outbox, (), delivered.holdout, AS_OF, delivered.url, "planted", done.append
    )
    assert (report.treated, report.others, sum(done), report.unknown) == (600, 200, 800, 0)
    names = Counter(event["event"] for event in delivered.events())
    assert names["Email Link Clicked"] == report.clicks > 30
    assert names["Order Completed"] == report.orders > 50
    # Nothing is recorded of an open that comes after an unsubscription; here each open comes before.
    assert names["Email Opened"] == report.opens > 100
    assert names["Unsubscribed"] == report.unsubscribes == len(delivered.suppressions.all("email")) > 0
    for event in delivered.events():
        assert event["properties"].get("simulated") or event["event"] in ("Consent Updated", "Unsubscribed")
        assert not event["properties"].get("machine")
        assert 0 <= (event["timestamp"] - AS_OF.replace(tzinfo=None)).total_seconds() < 14 * 86_400


def test_responding_again_changes_nothing(delivered: Delivered) -> None:
    reports = [
        simulate_responses(delivered.world, delivered.root / "outbox", (), delivered.holdout, AS_OF, delivered.url)
        for _ in range(2)
    ]
    assert reports[0] == reports[1]
    assert Counter(event["event"] for event in delivered.events())["Order Completed"] == reports[0].orders


def test_without_an_effect_treated_people_order_exactly_what_they_would_have(delivered: Delivered) -> None:
    outbox, everybody = delivered.root / "outbox", [person.person_id for person in delivered.world.people]
    null = simulate_responses(delivered.world, outbox, (), delivered.holdout, AS_OF, delivered.url, "null")
    assert null.true_effect == 0
    assert null.clicks > 20
    (empty := delivered.root / "empty").mkdir()
    without = simulate_responses(delivered.world, empty, (), everybody, AS_OF, delivered.url, "null")
    assert (without.treated, without.clicks, without.orders) == (0, 0, null.orders)


def test_treated_people_whose_message_never_went_out_live_on_as_they_would_have(delivered: Delivered) -> None:
    everybody = [person.person_id for person in delivered.world.people]
    (half := delivered.root / "half").mkdir()
    for path in sorted((delivered.root / "outbox").glob("*.eml"))[::2]:
        (half / path.name).write_bytes(path.read_bytes())
    treated, rest = everybody[:600], everybody[600:]
    null = simulate_responses(delivered.world, half, treated, rest, AS_OF, delivered.url, "null")
    whole = simulate_responses(delivered.world, delivered.root / "outbox", treated, rest, AS_OF, delivered.url, "null")
    assert (null.treated, null.others, null.orders) == (600, 200, whole.orders)
    planted = simulate_responses(delivered.world, half, treated, rest, AS_OF, delivered.url)
    reached = simulate_responses(delivered.world, half, (), rest, AS_OF, delivered.url)
    assert planted.true_effect == pytest.approx(reached.true_effect / 2)


def test_the_true_effect_is_what_treatment_adds_on_average(
    items: Sequence[Item], delivered: Delivered, tmp_path: Path
) -> None:
    outbox = tmp_path / "outbox"
    planted = simulate_responses(delivered.world, outbox, (), (), AS_OF, delivered.url, "planted")
    null = simulate_responses(delivered.world, outbox, (), (), AS_OF, delivered.url, "null")
    assert 0.03 < planted.true_effect < 0.12
    seen = (planted.orders - null.orders) / planted.treated
    assert abs(seen - planted.true_effect) < 4 * np.sqrt(planted.true_effect / planted.treated)


def test_worse_copy_earns_less(delivered: Delivered, tmp_path: Path) -> None:
    outbox = tmp_path / "worse"
    outbox.mkdir()
    for person in delivered.world.people[:600]:
        write_mail(outbox, f"m_{person.person_id}", person.email, False, "Hurry!! Last chance, buy whatever " * 3)
    good = simulate_responses(delivered.world, tmp_path / "outbox", (), (), AS_OF, delivered.url)
    bad = simulate_responses(delivered.world, outbox, (), (), AS_OF, delivered.url)
    assert bad.true_effect < good.true_effect / 2


def test_files_can_be_chosen_and_strangers_are_counted(delivered: Delivered, tmp_path: Path) -> None:
    outbox = tmp_path / "outbox"
    write_mail(outbox, "m_stranger", "nobody@example.com", False)
    only = {"m_stranger", "m_c00001", "m_c00002"}
    report = simulate_responses(delivered.world, outbox, (), (), AS_OF, delivered.url, only=only)
    assert (report.treated, report.unknown) == (2, 1)


def test_no_outbox_is_one_clear_error(delivered: Delivered, tmp_path: Path) -> None:
    with pytest.raises(SimulatorError, match="deliver a campaign first"):
        simulate_responses(delivered.world, tmp_path / "none", (), (), AS_OF, delivered.url)
