"""The checks of a run, opened over a real shop."""

from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest

from tailorbird.bootstrap import open_item_publisher, open_keys, open_warehouse
from tailorbird.pipeline.catalog import load_catalog
from tailorbird.pipeline.deliver import CHUNK
from tailorbird.pipeline.identities import read_identities
from tailorbird.pipeline.open_checks import make_builder, open_last_checks, usable_lines
from tailorbird.testing.sender import FailingSender
from tailorbird.types.message import Message
from tests.pipeline.conftest import MOMENT

pytestmark = pytest.mark.slow


def open_checks(opened: Any, keeper: Any) -> Any:
    project, campaign = keeper.project, keeper.project.campaign("win_back")
    profiles = {profile.person_id: profile for profile in opened.selection.profiles}
    return open_last_checks(
        project, campaign, keeper.state, opened.warehouse, keeper.log, profiles, open_keys(project), lambda: MOMENT,
        MOMENT, frozenset(), ("", usable_lines(campaign, keeper.state, MOMENT, "UTC")), MOMENT, False,
        read_identities(opened.warehouse),
    )  # fmt: skip


def test_a_change_of_the_catalog_is_seen_before_the_next_message(opened: Any, keeper: Any) -> None:
    check = open_checks(opened, keeper)
    check([])
    assert not check.moved()
    publisher = open_item_publisher(keeper.project)
    publisher.publish([(0, {"item_id": "hobbin-kettle", "stock": 1})], MOMENT, "http", "/")
    assert check.moved()
    check([])
    assert not check.moved()


def test_a_line_that_loses_its_approval_or_is_edited_makes_another_set(opened: Any, keeper: Any) -> None:
    campaign, store = keeper.project.campaign("win_back"), keeper.state.creatives
    before, day = usable_lines(campaign, keeper.state, MOMENT, "UTC")
    line = next(line for line in store.find(campaign.name) if line.usable)
    store.review(line.creative_id, "rejected", "a person", "no", (MOMENT + timedelta(hours=1)).isoformat())
    after, _ = usable_lines(campaign, keeper.state, MOMENT, "UTC")
    assert before - after == {(line.creative_id, line.content_hash)}
    assert day is None


def test_a_line_that_names_a_day_makes_another_set_every_day_of_the_shop(keeper: Any) -> None:
    campaign, store = keeper.project.campaign("win_back"), keeper.state.creatives
    line = next(line for line in store.find(campaign.name) if line.usable)
    text = "Yours until Sunday: {{ item.name }}"
    dated = replace(line, creative_id="c_dated", locale="en-GB", text=text, content_hash="h", approved_hash="h")
    store.save([dated])
    night = MOMENT.replace(hour=23, minute=30)  # half past midnight in London in June
    days = [usable_lines(campaign, keeper.state, night, zone)[1] for zone in ("UTC", "Europe/London")]
    assert days == [night.date(), night.date() + timedelta(days=1)]


def test_a_builder_builds_from_the_items_that_it_is_given(opened: Any, keeper: Any) -> None:
    campaign, keys = keeper.project.campaign("win_back"), open_keys(keeper.project)
    decision = next(iter(keeper.arm("treatment").values()))
    hero = next(placed.item_id for placed in decision.slate if placed.placement == "hero")
    profile = next(p for p in opened.selection.profiles if p.person_id == decision.person_id)
    items = {**opened.items, hero: replace(opened.items[hero], name="Wonderful thing")}
    message, _, _ = make_builder(keeper.project, campaign, keeper.state, items, keys).build(decision, profile, MOMENT)
    assert b"Wonderful thing" in message.raw


def test_a_price_that_changes_within_a_chunk_is_the_new_one_from_the_next_message_on(keeper: Any) -> None:
    publisher = open_item_publisher(keeper.project)
    items = load_catalog(open_warehouse(keeper.project), keeper.project.state_dir)

    def change_at_the_tenth(message: Message) -> None:
        if len(sender.taken) == 9:
            patches = [(n, {"item_id": item_id, "price": "123.45"}) for n, item_id in enumerate(items)]
            publisher.publish(patches, MOMENT, "http", "/")

    sender = FailingSender(10_000, before=change_at_the_tenth)
    keeper.run(sender)
    texts = [message_from_bytes(one.raw, policy=policy.default).as_string() for one in sender.taken]
    assert len(texts) > 20 and CHUNK > 20
    assert not any("123.45" in text or "123,45" in text for text in texts[:10])
    assert all("123.45" in text or "123,45" in text for text in texts[10:])
