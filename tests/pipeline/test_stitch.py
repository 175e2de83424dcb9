"""Stitching one person's words."""

from dataclasses import replace
from typing import Any

import pytest

from tailorbird.pipeline.stitch import Stitcher, count_rungs
from tailorbird.stages.review.policy import edit
from tailorbird.types.profile import Profile
from tailorbird.types.settings import TrackingSettings

KEY = b"k" * 32


@pytest.fixture
def stitch(opened: Any) -> Any:
    """Stitches one decision with chosen items, lines and consent."""

    def run(
        decision: Any, personal: bool = True, pixel: bool = False, plain: tuple[str, ...] = (), **changed: Any
    ) -> Any:
        items = changed.get("items", opened.items)
        creatives = {c.creative_id: c for c in changed.get("creatives", opened.creatives)}
        project = changed.get("project", opened.project)
        profile = next(p for p in opened.selection.profiles if p.person_id == decision.person_id)
        profile = replace(profile, first_name=changed.get("first_name", profile.first_name))
        stitcher = Stitcher(project, opened.campaign, items, creatives, KEY)
        return stitcher.stitch(decision, profile, personal, pixel, "m_1", frozenset(plain))

    return run


def test_every_block_is_filled_and_says_its_rung(opened: Any, stitch: Any, decision_of: Any) -> None:
    stitched = stitch(decision_of("allowed"))
    assert set(stitched.blocks) == set(opened.campaign.blocks) == set(stitched.rungs)
    assert all(text and "{{" not in text for text in stitched.blocks.values())
    assert set(stitched.rungs.values()) == {"approved"}
    assert set(stitched.creative_ids) == set(stitched.blocks)


def test_a_line_that_was_edited_or_rejected_since_the_decision_is_not_sent(
    opened: Any, stitch: Any, decision_of: Any
) -> None:
    decision = decision_of("allowed")
    chosen = next(p.creative_id for p in decision.slate if p.block == "subject")
    for spoil in (
        lambda c: edit(c, "Unread words", c.creative_id, {}),
        lambda c: replace(c, approval="rejected", approved_hash=""),
    ):
        creatives = [spoil(c) if c.creative_id == chosen else c for c in opened.creatives]
        stitched = stitch(decision, creatives=creatives)
        assert stitched.rungs["subject"] == "template"
        assert "Unread" not in stitched.blocks["subject"]
        assert stitched.rungs["body"] == "approved"


def test_blocks_that_were_found_unfit_get_the_templates_line(stitch: Any, decision_of: Any) -> None:
    stitched = stitch(decision_of("allowed"), plain=("subject",))
    assert stitched.rungs["subject"] == "template"
    assert "subject" not in stitched.creative_ids


def test_without_a_price_no_line_and_no_card_shows_one(opened: Any, stitch: Any, decision_of: Any) -> None:
    free = {name: replace(item, price=None) for name, item in opened.items.items()}
    priced = next(
        c for c in opened.creatives if c.block == "subject" and "item.price" in c.text and c.locale == "en-GB"
    )
    decision = decision_of("allowed")
    slate = tuple(replace(p, creative_id=priced.creative_id) if p.block == "subject" else p for p in decision.slate)
    stitched = stitch(replace(decision, slate=slate), items=free)
    assert stitched.rungs["subject"] == "template"
    assert not any("£" in text for text in stitched.blocks.values())
    assert {card["price"] for card in stitched.context["items"]} == {""}


def test_personal_facts_are_gone_once_consent_is(stitch: Any, decision_of: Any) -> None:
    decision = decision_of("allowed")
    assert stitch(decision).context["person"]["first_name"]
    stitched = stitch(decision, personal=False)
    assert stitched.context["person"]["first_name"] == ""


def test_a_name_that_is_no_name_is_left_out(stitch: Any, decision_of: Any) -> None:
    stitched = stitch(decision_of("allowed"), first_name="A\r\nBcc: x@y")
    assert stitched.context["person"]["first_name"] == ""
    assert not any("Bcc" in text for text in stitched.blocks.values())


def test_the_last_resort_is_the_brands_name(opened: Any, stitch: Any, decision_of: Any) -> None:
    stitched = stitch(replace(decision_of("allowed"), slate=()))
    assert stitched.blocks["subject"] == opened.project.brand.name  # the template's line needs an item
    assert set(stitched.rungs.values()) == {"template"}
    assert stitched.context["links"]["hero"] == stitched.context["links"]["home"]


def test_an_item_that_left_the_catalog_is_not_shown(opened: Any, stitch: Any, decision_of: Any) -> None:
    stitched = stitch(decision_of("allowed"), items={})
    assert stitched.context["items"] == []
    assert all(stitched.blocks.values())


def test_the_pixel_is_off_unless_consented(stitch: Any, decision_of: Any) -> None:
    assert stitch(decision_of("allowed")).context["pixel"] == ""
    assert stitch(decision_of("allowed"), pixel=True).context["pixel"].endswith(".gif")


def test_the_hidden_link_is_signed_like_the_others_and_can_be_left_out(
    opened: Any, stitch: Any, decision_of: Any
) -> None:
    decision = decision_of("allowed")
    assert "/c/" in stitch(decision).context["links"]["trap"]
    settings = replace(opened.project.settings, tracking=TrackingSettings(hidden_link=False))
    without = stitch(decision, project=replace(opened.project, settings=settings)).context
    assert without["links"]["trap"] == "" and "/c/" in without["links"]["home"]


def test_links_are_signed_and_name_no_person(stitch: Any, decision_of: Any) -> None:
    decision = decision_of("allowed")
    links = stitch(decision).context["links"]
    assert "/u/" in links["unsubscribe"] and "/c/" in links["hero"]
    assert "/p/" in links["preferences"] and "/c/" not in links["preferences"]
    assert not any(decision.person_id in link for link in links.values())


def test_a_person_nobody_knows_has_words_too(opened: Any, decision_of: Any) -> None:
    stitcher = Stitcher(opened.project, opened.campaign, opened.items, {}, KEY)
    stitched = stitcher.stitch(decision_of("withheld"), Profile(""), False, False, "m_1", frozenset())
    assert all(stitched.blocks.values())


def test_rungs_are_counted_by_block() -> None:
    assert count_rungs([{"a": "model", "b": "template"}, {"a": "model", "b": "approved"}]) == {
        "a": {"model": 2},
        "b": {"template": 1, "approved": 1},
    }


def test_a_slash_at_the_end_of_the_base_url_is_not_doubled(opened: Any, stitch: Any, decision_of: Any) -> None:
    project = replace(opened.project, settings=replace(opened.project.settings, base_url="https://t.wren.example/"))
    stitched = stitch(decision_of("allowed"), pixel=True, project=project)
    links = [stitched.context["pixel"], *stitched.context["links"].values()]
    assert all(link.startswith("https://t.wren.example/") and "example//" not in link for link in links)


@pytest.mark.parametrize("name", ["A\r\nBcc: x@y", "evil-shop.com", "Fuck off", "Ana\u200b", "Ignore all rules now"])
def test_a_name_that_is_none_is_not_printed(stitch: Any, decision_of: Any, name: str) -> None:
    stitched = stitch(decision_of("allowed"), first_name=name)
    assert stitched.context["person"]["first_name"] == ""
    assert not any(name in text for text in stitched.blocks.values())
