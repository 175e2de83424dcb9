"""The example shop: its catalog, its copy and its letter keep what they promise."""

import json
import quopri
import re
import struct
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.files.quarantine import FolderQuarantine
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.pipeline.catalog import load_catalog
from tailorbird.pipeline.ingest import ImportReport, ingest
from tailorbird.project.project import Project, load_project
from tailorbird.stages.briefs.slot_values import item_slots, slot_samples
from tailorbird.stages.channels.email_template import EmailTemplate, compile_email
from tailorbird.stages.features.compile import compile_features
from tailorbird.stages.validation.policy import disallowed_phrases, phrase_pattern
from tailorbird.types.brand import ApprovedLine
from tailorbird.types.item import Item
from tailorbird.types.slot_text import SlotText

WREN = Path(__file__).resolve().parents[2] / "examples" / "wren"
LONG_FIRST_NAMES = ("Maximiliane", *slot_samples(["person.first_name"], [])["person.first_name"])
# What every product says of itself in both languages; capacity, weight and scent only where they make sense.
EVERYWHERE = ("name", "short_name", "family", "material", "size", "colour", "care", "origin")
WHERE_SENSIBLE = ("capacity", "weight", "scent")


@pytest.fixture(scope="module")
def project() -> Project:
    return load_project(WREN)


@pytest.fixture(scope="module")
def imported(project: Project, tmp_path_factory: pytest.TempPathFactory) -> tuple[ImportReport, dict[str, Item]]:
    state, warehouse = tmp_path_factory.mktemp("wren"), DuckdbWarehouse(threads=1)
    mapping, log = project.mappings["catalog"], SegmentLog(state / "events")
    refused, source, now = FolderQuarantine(state / "quarantine"), WREN / str(mapping.source), datetime.now(UTC)
    report = ingest(mapping, source, "imports/catalog.yaml", warehouse, log, refused, state, now)
    return report, load_catalog(warehouse, state)


@pytest.fixture(scope="module")
def items(imported: tuple[ImportReport, dict[str, Item]]) -> dict[str, Item]:
    return imported[1]


@pytest.fixture(scope="module")
def letter(project: Project) -> EmailTemplate:
    return compile_email(project.templates["letter"])


def slots_of(project: Project, item: Item, locale: str) -> dict[str, str]:
    return item_slots(item, locale, project.settings.catalog.facts)


def limit_of(project: Project, line: ApprovedLine) -> int:
    campaigns = line.campaigns or tuple(project.campaigns)
    return min(project.campaigns[name].blocks[line.block].max_chars for name in campaigns)


def stitched(project: Project, items: Mapping[str, Item], line: ApprovedLine) -> Iterator[str]:
    """The line for every item it may meet, with the longest first name and the longest last item."""
    text = SlotText.parse(line.text)
    longest = max((slots_of(project, i, line.locale)["item.short_name"] for i in items.values()), key=len)
    for item in items.values():
        if not line.families or item.family in line.families:
            values = slots_of(project, item, line.locale)
            values |= {"last_item.short_name": longest, "person.first_name": max(LONG_FIRST_NAMES, key=len)}
            yield text.stitch(values)


def png_size(path: Path) -> tuple[int, int]:
    data = path.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", data[16:24])
    return width, height


@pytest.mark.slow
def test_the_catalog_imports_whole(imported: tuple[ImportReport, dict[str, Item]]) -> None:
    report, items = imported
    assert report.quarantined == 0
    assert len(items) == report.rows_in >= 84


def test_every_family_has_enough_products_to_choose_from(items: dict[str, Item]) -> None:
    families = Counter(item.family for item in items.values())
    assert 10 <= len(families) <= 12
    assert min(families.values()) >= 6


def test_prices_are_real_and_some_products_are_sold_out(items: dict[str, Item]) -> None:
    assert all(item.price is not None and 1 < item.price < 200 for item in items.values())
    assert {item.currency for item in items.values()} == {"GBP"}
    assert 3 <= sum(not item.in_stock for item in items.values()) <= 10


def test_both_languages_say_the_same_of_every_product(items: dict[str, Item]) -> None:
    missing = []
    for item in items.values():
        english, german = {"name": item.name, **item.texts[""]}, item.texts["de-DE"]
        missing += [(item.item_id, name) for name in EVERYWHERE if not english.get(name) or not german.get(name)]
        missing += [
            (item.item_id, name) for name in WHERE_SENSIBLE if bool(english.get(name)) != bool(german.get(name))
        ]
    assert missing == []


def test_short_names_are_short_and_names_begin_with_no_article(items: dict[str, Item]) -> None:
    for item in items.values():
        for locale in ("en-GB", "de-DE"):
            assert len(item.text("short_name", locale) or "") <= 18, item.item_id
            assert not re.match(r"(?i)(the|an?|der|die|das|eine?) ", item.text("name", locale) or item.name)


def test_quantities_are_a_number_and_a_unit_with_the_decimal_mark_of_the_language(items: dict[str, Item]) -> None:
    for item in items.values():
        for name in ("size", "capacity", "weight"):
            english, german = item.text(name, "en-GB"), item.text(name, "de-DE")
            if english and german:
                assert re.fullmatch(r"\d+(\.\d+)? [a-z]+", english), (item.item_id, english)
                assert re.fullmatch(r"\d+(,\d+)? [A-Za-zöäü]+", german), (item.item_id, german)
                assert english.split()[0] == german.split()[0].replace(",", ".")


def test_what_runs_out_says_after_how_many_days(items: dict[str, Item], project: Project) -> None:
    used_up = next(c.one_of for c in project.audiences["replenish"].all if c.one_of)
    for item in items.values():
        days = item.text("replenish_days", "")
        assert not days or 7 <= int(days) <= 365
        assert days or item.family not in used_up, item.item_id


def test_every_product_has_a_small_square_picture(items: dict[str, Item]) -> None:
    for item in items.values():
        picture = WREN / "media" / (item.image or "")
        assert png_size(picture) == (560, 560), item.item_id
        assert picture.stat().st_size < 18_000, item.item_id
    assert sum(path.stat().st_size for path in (WREN / "media").iterdir()) < 2_000_000
    assert png_size(WREN / "media" / "wren.png") == (240, 240)


def test_reviews_are_of_products_that_exist_and_say_that_they_were_written_for_the_example(
    items: dict[str, Item], project: Project
) -> None:
    reviews = [json.loads(line) for line in (WREN / "catalog" / "reviews.jsonl").read_text().splitlines()]
    assert len(reviews) >= 120
    assert len({review["review_id"] for review in reviews}) == len(reviews)
    for review in reviews:
        assert review["item_id"] in items
        assert review["rating"] in range(1, 6)
        assert review["locale"] in project.settings.locales
        assert review["written_for"] == "example"


def test_there_are_enough_approved_lines_for_a_policy_to_choose_from(project: Project) -> None:
    assert len(project.brand.approved) >= 90
    for campaign in project.campaigns:
        for locale in project.settings.locales:
            count = Counter(
                line.block
                for line in project.brand.approved
                if line.locale == locale and campaign in line.campaigns and not line.families
            )
            assert count["subject"] >= 4, (campaign, locale)
            assert count["headline"] >= 3, (campaign, locale)
            assert min(count[block] for block in ("preheader", "body", "cta")) >= 2, (campaign, locale)


def test_every_approved_line_is_tagged_with_tone_format_and_mention(project: Project) -> None:
    for line in project.brand.approved:
        assert line.tags["tone"] in {"warm", "plain", "dry"}, line.id
        assert line.tags["format"] in {"statement", "question", "list"}, line.id
        assert line.tags["mentions"] in {"price", "material", "item", "none"}, line.id


@pytest.mark.slow
def test_every_approved_line_holds_its_length_for_every_product(project: Project, items: dict[str, Item]) -> None:
    too_long = {
        (line.id, text): len(text)
        for line in project.brand.approved
        for text in stitched(project, items, line)
        if len(text) > limit_of(project, line)
    }
    assert too_long == {}


def test_every_approved_line_uses_only_facts_that_its_campaigns_allow(project: Project) -> None:
    for line in project.brand.approved:
        for name in line.campaigns or tuple(project.campaigns):
            allowed = project.campaigns[name].blocks[line.block].slots
            assert set(SlotText.parse(line.text).slots) <= set(allowed), (line.id, name)


def test_no_approved_line_holds_a_disallowed_phrase_a_digit_or_an_exclamation_mark(project: Project) -> None:
    for line in project.brand.approved:
        words = " ".join(SlotText.parse(line.text).words)
        assert not phrase_pattern(disallowed_phrases(project.brand, line.locale)).search(words), line.id
        assert not re.search(r"[!\d]", words), line.id


def test_no_german_line_puts_an_article_before_a_fact(project: Project) -> None:
    article = re.compile(r"(?i)\b(der|die|das|den|dem|des|eine?[nmrs]?|[mds]eine?[nmrs]?) $")
    for line in project.brand.approved:
        if line.locale == "de-DE":
            assert not any(article.search(words) for words in SlotText.parse(line.text).words[:-1]), line.id


def test_the_facts_of_the_catalog_hold_no_disallowed_phrase(project: Project, items: dict[str, Item]) -> None:
    for locale in project.settings.locales:
        pattern = phrase_pattern(disallowed_phrases(project.brand, locale))
        for item in items.values():
            assert not any(pattern.search(value) for value in slots_of(project, item, locale).values()), item.item_id


def test_the_features_compile_and_each_names_a_purpose_that_people_can_consent_to(project: Project) -> None:
    assert compile_features(project.features, project.settings.timezone)
    assert {feature.purpose for feature in project.features} == {"email_marketing", "personalization"}
    assert not any(project.settings.consent.defaults.values())


def context(project: Project, items: Mapping[str, Item], locale: str, first_name: str) -> dict[str, Any]:
    cards = []
    for item in list(items.values())[:4]:
        card = dict.fromkeys(project.settings.catalog.facts, "")
        card |= {slot.split(".")[1]: value for slot, value in slots_of(project, item, locale).items()}
        cards.append(card | {"item_id": item.item_id, "image": f"http://x/{item.image}", "url": "http://x/c/token"})
    legal = {**project.brand.legal[locale], "postal_address": project.settings.sender.postal_address}
    return {
        "subject": "A subject", "preheader": "A preheader", "headline": "A headline", "body": "A body.", "cta": "Look",
        "items": cards, "person": {"first_name": first_name}, "brand": {"name": project.brand.name}, "legal": legal,
        "words": project.templates["letter"].words[locale], "pixel": "", "locale": locale, "simulated": True,
        "links": {"home": "http://x/h", "hero": "http://x/c/hero", "unsubscribe": "http://x/u/1",
                  "preferences": "http://x/p/1", "media": "http://x/media"},
    }  # fmt: skip


@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
def test_both_parts_of_the_letter_say_the_same(
    project: Project, items: dict[str, Item], letter: EmailTemplate, locale: str
) -> None:
    values = context(project, items, locale, "Ines")
    html, plain = (quopri.decodestring(body.data).decode() for body in letter.encode(values))
    assert len(html) < 60_000
    said = [values["headline"], values["body"], values["cta"], values["words"]["simulated"], "Ines", "http://x/u/1"]
    said += [*[*project.brand.legal[locale].values()][:3], project.settings.sender.postal_address]
    said += [value for card in values["items"] for value in (card["name"], card["price"]) if value]
    for part in (html.replace("&#39;", "'").replace("&amp;", "&"), plain):
        assert [text for text in said if text not in part] == []
        assert not re.search(r"\{\{|\{%|: *\n\S+: ", part.replace("http:", ""))


def test_the_letter_compiles_to_functions_and_every_picture_has_a_text(
    project: Project, items: dict[str, Item], letter: EmailTemplate
) -> None:
    assert letter.quoted_html.compiled
    assert letter.quoted_text.compiled
    html = letter.html(context(project, items, "en-GB", ""))
    assert "Hello" not in html
    assert all(re.search(r'\balt="[^"]+"', image) for image in re.findall(r"<img[^>]*>", html))
    assert html.index("A preheader") < html.index("A headline")


def test_words_of_the_frame_are_complete_in_both_languages(project: Project) -> None:
    words = project.templates["letter"].words
    assert set(words["en-GB"]) == set(words["de-DE"])
    assert set(project.brand.legal["en-GB"]) == set(project.brand.legal["de-DE"])
