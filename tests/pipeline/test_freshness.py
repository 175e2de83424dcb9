"""What goes out is true at the moment it goes out, however long ago it was built."""

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from tailorbird.bootstrap import open_keys, open_warehouse
from tailorbird.cli.import_files import import_all
from tailorbird.cli.terminal import Quiet
from tailorbird.pipeline.update_catalog import patch_catalog
from tailorbird.ports.sender import SenderError
from tailorbird.project.project import load_project
from tailorbird.stages.channels.email_message import idempotency_key
from tailorbird.stages.tracking.tokens import read_token
from tailorbird.testing.sender import FailingSender
from tailorbird.testing.state import FixedClock
from tailorbird.types.event import Event
from tailorbird.types.message import Message
from tailorbird.types.receipt import Receipt

MOMENT = datetime(2026, 6, 1, tzinfo=UTC)
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


def test_a_quick_update_while_it_sends_changes_the_price_and_offers_nothing_sold_out(keeper: Any) -> None:
    people = keeper.arm("treatment")
    keys = sorted(idempotency_key(d.decision_id, "email") for d in people.values())
    of = {idempotency_key(d.decision_id, "email"): d for d in people.values()}
    gone = next(p.item_id for p in of[keys[-1]].slate if p.block == "item" and p.placement != "hero")
    url, dear = f"https://wren.example/{gone}", hero_of(keeper, of[keys[-1]].person_id)

    def update_after_the_first_chunk(message: Message) -> None:
        if len(sender.taken) == 99:
            rows = [(2, {"item_id": gone, "stock": "0"}), (3, {"item_id": dear, "price": "123.45"})]
            where = open_warehouse(keeper.project), keeper.project.state_dir
            patch_catalog(*where, rows, datetime.now(UTC), "test", prices_only=True)

    def offers(message: Message) -> bool:
        return any(
            read_token("c", token, keys_of)[2] == url for token in set(re.findall(r"/c/([\w.-]+)", html_of(message)))
        )

    keys_of = open_keys(keeper.project)[0]
    sender = FailingSender(10_000, before=update_after_the_first_chunk)
    detail = keeper.run(sender)[-1].detail
    late = sender.taken[100:]
    assert late and any(offers(message) for message in sender.taken[:100]) and not any(map(offers, late))
    heroes = {message.message_id: hero_of(keeper, message.person_id) for message in late}
    assert gone not in heroes.values()
    told = [text for message, text in zip(late, texts(sender)[100:], strict=True) if heroes[message.message_id] == dear]
    assert told and all("123" in text for text in told)
    assert detail["sent"] + detail["suppressed"] == len(people)


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


class DyingOutbox:
    """An outbox whose process dies when it queues the second time."""

    def __init__(self, inner: Any) -> None:
        self._inner, self._queued = inner, 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def queue(self, messages: Sequence[Message]) -> int:
        self._queued += 1
        if self._queued > 1:
            raise KeyboardInterrupt
        return int(self._inner.queue(messages))


def withdraw(keeper: Any) -> None:
    now = datetime.now(UTC)
    no = {"consents": {"personalization": False, "open_tracking": False}}
    people = keeper.arm("treatment")
    keeper.log.append(
        [Event("track", f"no-{p}", now, now, p, event="Consent Updated", properties=no) for p in people]
        + [Event("identify", f"new-{p}", now, now, p, traits={"email": f"new-{p}@example.org"}) for p in people]
    )


def check_that_all_is_of_today(keeper: Any, sender: FailingSender) -> None:
    assert len(sender.taken) == len(keeper.arm("treatment"))
    assert all(message.address.startswith("new-") for message in sender.taken)
    assert all("/o/" not in html_of(message) for message in sender.taken)
    assert all("£" not in text.replace("£123.45", "").replace("123,45 £", "") for text in texts(sender))


def html_of(message: Message) -> str:
    body = message_from_bytes(message.raw, policy=policy.default).get_body(("html",))
    assert body is not None
    return str(body.get_content())


@pytest.mark.parametrize("keeper", ["filled"], indirect=True)
def test_what_a_killed_stitch_left_is_built_again_and_nothing_withdrawn_goes_out(
    keeper: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tailorbird.pipeline.build_messages.CHUNK", 50)
    with pytest.raises(KeyboardInterrupt):
        keeper.run(FailingSender(0), state=replace(keeper.state, outbox=DyingOutbox(keeper.state.outbox)))
    assert dict(keeper.state.outbox.counts("win_back", "1")) == {"queued": 50}
    change_catalog(keeper.project.root, price="123.45")
    withdraw(keeper)
    sender = FailingSender(10_000)
    keeper.run(sender)
    check_that_all_is_of_today(keeper, sender)


def test_messages_beside_one_that_could_not_be_built_are_built_again(keeper: Any) -> None:
    run = next(run for run in keeper.state.ledger.runs("win_back"))
    stitched = {**run["steps"]["stitch"], "unbuilt": {"an address was wrong": 1}}
    keeper.state.ledger.finish_step(run["run_id"], "stitch", stitched)
    change_catalog(keeper.project.root, price="123.45")
    withdraw(keeper)
    sender = FailingSender(10_000)
    keeper.run(sender)
    check_that_all_is_of_today(keeper, sender)


def test_a_line_that_is_rejected_while_it_sends_goes_out_no_more(keeper: Any) -> None:
    shown = Counter(p.creative_id for d in keeper.arm("treatment").values() for p in d.slate if p.block == "subject")
    creatives = keeper.state.creatives
    line = next(c for c, _ in shown.most_common() if creatives.get(c)[0].rung != "template")

    def reject(message: Message) -> None:
        if len(sender.taken) == 99:
            creatives.review(line, "rejected", "legal", "an unlawful claim", "2026-06-01")

    sender = FailingSender(10_000, before=reject)
    keeper.run(sender)
    of = {d.decision_id: d for d in keeper.arm("treatment").values()}
    meant = [any(p.creative_id == line for p in of[m.decision_id].slate) for m in sender.taken]
    used = [m.lines.get("subject") == line for m in sender.taken]
    assert any(used[:100]) and any(meant[100:]) and not any(used[100:])


def test_a_run_that_goes_on_days_later_dates_its_mail_anew_or_sends_nothing(keeper: Any) -> None:
    sender = FailingSender(10)
    with pytest.raises(SenderError):
        keeper.run(sender, clock=FixedClock(MOMENT + timedelta(hours=50)))
    dates = {message_from_bytes(m.raw, policy=policy.default)["date"].datetime for m in sender.taken}
    assert dates == {MOMENT + timedelta(hours=50)}
    stamp = f" t={int((MOMENT + timedelta(hours=50)).timestamp())};"
    assert all(stamp in message_from_bytes(m.raw)["DKIM-Signature"].replace("\r\n", "") for m in sender.taken)
    sender.room = 10_000
    detail = keeper.run(sender, clock=FixedClock(MOMENT + timedelta(hours=80)))[-1].detail
    assert (detail["sent"], detail["suppressed"]) == (10, len(keeper.arm("treatment")) - 10)


def test_failed_messages_that_are_queued_again_are_built_again(keeper: Any) -> None:
    outbox = keeper.state.outbox
    claimed = outbox.claim("win_back", "1", 3)
    outbox.settle([Receipt(one.message.idempotency_key, "failed", MOMENT, detail="550 no") for one in claimed])
    assert keeper.state.messages.requeue("win_back", "1", "failed") == 3
    sender = FailingSender(10_000)
    keeper.run(sender)
    assert len(sender.taken) == len(keeper.arm("treatment"))
    assert all(b"DKIM-Signature" in message.raw for message in sender.taken)
