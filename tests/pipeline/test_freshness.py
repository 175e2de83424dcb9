"""What goes out is true at the moment it goes out, however long ago it was built."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from tailorbird.cli.import_files import import_all
from tailorbird.cli.terminal import Quiet
from tailorbird.project.project import load_project
from tailorbird.testing.sender import FailingSender
from tailorbird.types.event import Event
from tailorbird.types.message import Message

pytestmark = pytest.mark.slow


def change_catalog(root: Path, price: str | None = None, sold_out: Sequence[str] = ()) -> None:
    path = root / "catalog" / "items.csv"
    with path.open(newline="", encoding="utf-8") as handle:
        rows = list(csv.DictReader(handle))
    for row in rows:
        row["price"] = price or row["price"]
        row["stock"] = "0" if row["item_id"] in sold_out else row["stock"]
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    import_all(load_project(root), ["catalog"], None, Quiet())


def texts(sender: FailingSender) -> list[str]:
    parsed = (message_from_bytes(message.raw, policy=policy.default) for message in sender.taken)
    return [str(mail["subject"]) + mail.get_body(("plain",)).get_content() for mail in parsed]  # type: ignore[union-attr]


def hero_of(keeper: Any, person: str) -> str:
    return next(str(p.item_id) for p in keeper.arm("treatment")[person].slate if p.placement == "hero")


def test_a_resumed_run_sends_today_s_prices_and_nothing_that_is_sold_out(keeper: Any) -> None:
    first = min(keeper.arm("treatment"))
    gone = hero_of(keeper, first)
    change_catalog(keeper.project.root, price="123.45", sold_out=[gone])
    sender = FailingSender(10_000)
    detail = keeper.run(sender)[-1].detail
    without = [person for person in keeper.arm("treatment") if hero_of(keeper, person) == gone]
    assert detail["suppressed"] == len(without) > 0
    assert not set(without) & {message.person_id for message in sender.taken}
    sent = texts(sender)
    assert sent and all("£" not in text.replace("£123.45", "").replace("123,45 £", "") for text in sent)


def test_a_price_that_changes_while_it_sends_is_the_new_one_from_then_on(keeper: Any) -> None:
    changed: list[Message] = []

    def import_after_the_first_chunk(message: Message) -> None:
        if len(sender.taken) == 99 and not changed:
            change_catalog(keeper.project.root, price="123.45")
            changed.append(message)

    sender = FailingSender(10_000, before=import_after_the_first_chunk)
    keeper.run(sender)
    assert changed and len(sender.taken) > 100
    assert all("123" in text for text in texts(sender)[100:])


def test_withdrawn_personalization_and_open_tracking_leave_the_message(keeper: Any) -> None:
    now = datetime.now(UTC)
    no = {"consents": {"personalization": False, "open_tracking": False}}
    names = {p.person_id: p.first_name for p in keeper.profiles()}
    keeper.log.append(
        [
            Event("track", f"no-{person}", now, now, person, event="Consent Updated", properties=no)
            for person in keeper.arm("treatment")
        ]
    )
    sender = FailingSender(10_000)
    keeper.run(sender)
    assert len(sender.taken) == len(keeper.arm("treatment"))
    for message in sender.taken:
        mail = message_from_bytes(message.raw, policy=policy.default)
        html = mail.get_body(("html",))
        assert html is not None and "/o/" not in html.get_content()
        first_name = names[message.person_id]
        assert first_name and first_name not in str(mail["to"])


def test_the_row_and_the_trace_are_those_of_the_mail_that_went_out(keeper: Any) -> None:
    import hashlib

    change_catalog(keeper.project.root, price="123.45")
    sender = FailingSender(10_000)
    keeper.run(sender)
    for message in sender.taken[:20]:
        trace, row = keeper.state.traces.get(message.message_id), keeper.state.messages.find(message.message_id)
        assert trace.stages["message"]["sha256"] == hashlib.sha256(message.raw).hexdigest()
        assert row.subject == message.subject


def test_renaming_the_project_sends_nothing_twice(keeper: Any) -> None:
    keeper.run()
    before = keeper.files()
    renamed = replace(keeper.project.settings, name="wren2")
    keeper.run(settings=renamed)
    assert keeper.files() == before
