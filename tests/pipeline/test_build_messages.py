"""From decisions to queued messages."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.cli.terminal import Quiet
from tailorbird.pipeline.build_messages import MessageBuilder, UnfitError, queue_messages
from tailorbird.stages.review.policy import content_hash
from tailorbird.types.profile import Profile

pytestmark = pytest.mark.slow

DATE = datetime(2026, 6, 4, 8, tzinfo=UTC)


@pytest.fixture(scope="session")
def keys(opened: Any) -> tuple[bytes, bytes]:
    return bootstrap.open_keys(opened.project)


@pytest.fixture
def builder(opened: Any, keys: tuple[bytes, bytes]) -> MessageBuilder:
    return MessageBuilder(opened.project, opened.campaign, opened.items, opened.creatives, *keys)


@pytest.fixture
def profiles(opened: Any) -> Mapping[str, Profile]:
    return {profile.person_id: profile for profile in opened.selection.profiles}


def test_a_name_with_a_line_break_adds_no_header(builder: Any, profiles: Any, decision_of: Any) -> None:
    decision = decision_of("allowed")
    profile = replace(profiles[decision.person_id], first_name="A\r\nBcc: x@y")
    message, _stitched, _faults = builder.build(decision, profile, decision.decided_at)
    parsed = message_from_bytes(message.raw, policy=policy.default)
    assert parsed["Bcc"] is None
    assert b"Bcc" not in message.raw
    assert len(parsed["To"].addresses) == 1


def test_building_twice_gives_the_same_bytes(builder: Any, profiles: Any, decision_of: Any) -> None:
    decision = decision_of("allowed")
    one, two = (builder.build(decision, profiles[decision.person_id], decision.decided_at)[0] for _ in range(2))
    assert one == two
    assert one.message_id == f"m_{one.message_id[2:]}" and decision.person_id not in one.message_id


def test_consent_to_opens_adds_the_pixel_and_nothing_else_does(builder: Any, profiles: Any, decision_of: Any) -> None:
    decision = decision_of("allowed")
    profile = profiles[decision.person_id]
    for word in (True, False):
        asked = replace(profile, consents={**profile.consents, "open_tracking": word})
        _message, stitched, _faults = builder.build(decision, asked, decision.decided_at)
        assert bool(stitched.context["pixel"]) is word


def test_a_block_that_fails_the_last_check_is_replaced_and_told(
    opened: Any, keys: Any, profiles: Any, decision_of: Any
) -> None:
    decision = decision_of("allowed")
    chosen = next(p.creative_id for p in decision.slate if p.block == "subject")
    text = "x" * 200
    creatives = [
        replace(c, text=text, content_hash=content_hash(text), approved_hash=content_hash(text)) if c.creative_id == chosen else c
        for c in opened.creatives
    ]  # fmt: skip
    builder = MessageBuilder(opened.project, opened.campaign, opened.items, creatives, *keys)
    message, stitched, faults = builder.build(decision, profiles[decision.person_id], decision.decided_at)
    assert faults and faults[0].startswith("subject: ")
    assert stitched.rungs["subject"] == "template"
    assert "subject" not in message.lines, "a line counts only where it was shown"
    assert message.lines and message.lines == stitched.creative_ids
    assert len(message.subject) <= opened.campaign.blocks["subject"].max_chars


def test_a_line_that_the_catalog_speaks_against_gives_way_to_the_templates_and_that_to_the_brands_name(
    opened: Any, keys: Any, profiles: Any, decision_of: Any
) -> None:
    decision = decision_of("allowed")
    chosen = next(p.creative_id for p in decision.slate if p.block == "subject")
    hero = next(str(p.item_id) for p in decision.slate if p.placement == "hero")
    price = f"{opened.items[hero].price:.2f}"

    def subject_of(line: str, own: str) -> tuple[str, tuple[str, ...]]:
        creatives = [
            replace(c, text=line, content_hash=content_hash(line), approved_hash=content_hash(line)) if c.creative_id == chosen else c
            for c in opened.creatives
        ]  # fmt: skip
        template = opened.project.templates["letter"]
        lines = {**template.lines, "subject": {"en-GB": own, "de-DE": own}}
        project = replace(opened.project, templates={"letter": replace(template, lines=lines)})
        builder = MessageBuilder(project, opened.campaign, opened.items, creatives, *keys)
        message, _, faults = builder.build(decision, profiles[decision.person_id], decision.decided_at)
        return message.subject, faults

    assert subject_of(f"Only £{price} for you", "A letter") == (f"Only £{price} for you", ())
    assert subject_of("Only £1.23 for you", "A letter") == ("A letter", ("subject: not so any more: number £1.23",))
    assert subject_of("Only £1.23 for you", "Now for £4.56") == ("Wren", ("subject: not so any more: number £1.23",))


def test_the_trace_holds_ids_and_hashes_and_no_address(builder: Any, profiles: Any, decision_of: Any) -> None:
    decision = decision_of("allowed")
    profile = profiles[decision.person_id]
    message, stitched, _faults = builder.build(decision, profile, decision.decided_at)
    trace = builder.trace(decision, message, stitched, {"catalog": "v1"})
    assert set(trace.stages) == {"consent", "features", "brief", "creative", "decision", "message"}
    assert profile.email not in str(trace) and str(profile.first_name) not in str(trace.stages).split()
    assert trace.stages["message"]["catalog"] == "v1"


def queue(opened: Any, builder: Any, profiles: Any, state: Any) -> Any:
    return queue_with_keys(opened, builder, profiles, state)[0]


def queue_with_keys(opened: Any, builder: Any, profiles: Any, state: Any, date: datetime = DATE) -> Any:
    return queue_messages(
        opened.campaign, builder, state.decisions, profiles, state.outbox, state.traces, "v1", lambda: date, Quiet()
    )


def test_queueing_twice_queues_once(
    opened: Any, builder: Any, profiles: Any, empty_state: Any, decision_of: Any
) -> None:
    empty_state.decisions.save([decision_of("allowed"), decision_of("withheld")])
    assert queue(opened, builder, profiles, empty_state)["messages"] == 2
    queue(opened, builder, profiles, empty_state)
    assert dict(empty_state.outbox.counts("win_back", "1")) == {"queued": 2}


def test_only_what_was_queued_now_counts_as_built_now(
    opened: Any, builder: Any, profiles: Any, empty_state: Any, decision_of: Any
) -> None:
    empty_state.decisions.save([decision_of("allowed")])
    _, built = queue_with_keys(opened, builder, profiles, empty_state)
    (claimed,) = empty_state.outbox.claim("win_back", "1", 9)
    assert built == {claimed.message.idempotency_key}
    date = message_from_bytes(claimed.message.raw, policy=policy.default)["date"].datetime
    assert date == DATE, "dated when it was built, and not when it was decided"
    empty_state.decisions.save([decision_of("withheld")])
    assert queue_with_keys(opened, builder, profiles, empty_state)[1] == frozenset()
    trace = empty_state.traces.get(claimed.message.message_id)
    assert trace.stages["message"]["sha256"] == hashlib.sha256(claimed.message.raw).hexdigest()


def test_a_decision_for_a_locale_that_the_project_dropped_is_not_built(
    builder: Any, profiles: Any, decision_of: Any
) -> None:
    decision = replace(decision_of("allowed"), locale="fr-FR")
    with pytest.raises(UnfitError, match="no longer speaks fr-FR"):
        builder.build(decision, profiles[decision.person_id], DATE)


def test_a_person_whose_address_is_gone_is_counted_as_not_built(
    opened: Any, builder: Any, profiles: Any, empty_state: Any, decision_of: Any
) -> None:
    lost, kept = decision_of("allowed"), decision_of("withheld")
    empty_state.decisions.save([lost, kept])
    detail = queue(opened, builder, {kept.person_id: profiles[kept.person_id]}, empty_state)
    assert detail["messages"] == 1
    assert sum(detail["unbuilt"].values()) == 1
    assert dict(empty_state.outbox.counts("win_back", "1")) == {"queued": 1}


def test_held_out_people_are_not_queued(
    opened: Any, builder: Any, profiles: Any, empty_state: Any, decision_of: Any
) -> None:
    empty_state.decisions.save([replace(decision_of("allowed"), arm="holdout")])
    assert queue(opened, builder, profiles, empty_state)["messages"] == 0


def test_a_template_line_that_the_brand_forbids_is_not_sent_either(
    opened: Any, keys: Any, profiles: Any, decision_of: Any
) -> None:
    decision = decision_of("allowed")
    hero = next(p.item_id for p in decision.slate if p.placement == "hero")
    word = opened.items[hero].name.split()[-1]
    brand = replace(opened.project.brand, disallowed={"*": (word,)})
    builder = MessageBuilder(
        replace(opened.project, brand=brand), opened.campaign, opened.items, opened.creatives, *keys
    )
    message, stitched, faults = builder.build(decision, profiles[decision.person_id], decision.decided_at)
    assert faults
    assert all(word.lower() not in text.lower() for text in stitched.blocks.values())
    assert word.lower() not in message.subject.lower()


def test_where_not_even_the_brand_s_name_is_lawful_no_message_is_made(
    opened: Any, keys: Any, profiles: Any, decision_of: Any
) -> None:
    decision = decision_of("allowed")
    everything = (opened.project.brand.name, *(item.name for item in opened.items.values()))
    lines = {
        block: dict.fromkeys(texts, everything[0]) for block, texts in opened.project.templates["letter"].lines.items()
    }
    brand = replace(opened.project.brand, disallowed={"*": everything})
    template = replace(opened.project.templates["letter"], lines=lines)
    project = replace(opened.project, brand=brand, templates={"letter": template})
    creatives = [replace(c, approval="rejected", approved_hash="") for c in opened.creatives]
    builder = MessageBuilder(project, opened.campaign, opened.items, creatives, *keys)
    with pytest.raises(UnfitError, match="no lawful text"):
        builder.build(decision, profiles[decision.person_id], decision.decided_at)


def test_a_message_about_an_item_that_is_sold_out_is_not_made(
    opened: Any, keys: Any, profiles: Any, decision_of: Any
) -> None:
    decision = decision_of("allowed")
    hero = next(p.item_id for p in decision.slate if p.placement == "hero")
    items = {**opened.items, hero: replace(opened.items[hero], stock=0)}
    builder = MessageBuilder(opened.project, opened.campaign, items, opened.creatives, *keys)
    with pytest.raises(UnfitError, match="sold out"):
        builder.build(decision, profiles[decision.person_id], decision.decided_at)


def test_a_line_that_would_carry_a_link_elsewhere_is_replaced_whoever_approved_it(
    opened: Any, keys: Any, profiles: Any, decision_of: Any
) -> None:
    decision = decision_of("allowed")
    chosen = next(p.creative_id for p in decision.slate if p.block == "subject")
    text = "Look at evil-shop.com"
    lines = [
        replace(c, text=text, content_hash=content_hash(text), approved_hash=content_hash(text))
        if c.creative_id == chosen
        else c
        for c in opened.creatives
    ]
    builder = MessageBuilder(opened.project, opened.campaign, opened.items, lines, *keys)
    message, stitched, faults = builder.build(decision, profiles[decision.person_id], decision.decided_at)
    assert b"evil-shop" not in message.raw
    assert stitched.rungs["subject"] == "template"
    assert faults[0].startswith("subject: foreign_link")
