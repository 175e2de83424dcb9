"""Copy for a campaign, with a scripted model and a real database."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.adapters.sql.creatives import SqlCreativeStore
from tailorbird.adapters.sql.database import open_database
from tailorbird.adapters.sql.drafts import SqlDraftCache
from tailorbird.adapters.sql.exposures import SqlExposures
from tailorbird.pipeline.generate import generate_creatives
from tailorbird.pipeline.model_calls import ModelCalls, VendorRules
from tailorbird.pipeline.validation.copy_check import CopyCheck
from tailorbird.ports.generator import Generator, GeneratorError
from tailorbird.stages.briefs.compose import compose_brief
from tailorbird.stages.privacy.masking import Masker, MaskingRules
from tailorbird.testing.generator import ScriptedGenerator
from tailorbird.testing.state import FixedClock
from tailorbird.types.brand import ApprovedLine, Brand
from tailorbird.types.brief import Brief, Subject
from tailorbird.types.campaign import BlockSpec, BriefSpec, Campaign, GenerationSpec, MetricSpec
from tailorbird.types.completion import Completion, CompletionRequest, ModelCard
from tailorbird.types.item import Item
from tailorbird.types.prompt import Prompt
from tailorbird.types.template import Template

ITEMS = {
    name.lower().replace(" ", "-"): Item(
        name.lower().replace(" ", "-"), "1", name, family, Decimal(price), "GBP", texts={"": {"material": material}}
    )
    for name, family, price, material in (
        ("Quillet kettle", "kettles", "62.00", "steel"),
        ("Oddley kettle", "kettles", "44.00", "enamel"),
        ("Snipley secateurs", "tools", "28.00", "steel"),
    )
}
BRAND = Brand(
    "Wren",
    "home and garden",
    {"en-GB": "Plain."},
    (
        ApprovedLine("s1", "subject", "en-GB", "Worth another look: {{ item.name }}", tags={"tone": "warm"}),
        ApprovedLine("s2", "subject", "en-GB", "A line that is far too long for this block, {{ item.name }}, really"),
        ApprovedLine("s3", "subject", "en-GB", "For another campaign", campaigns=("other",)),
    ),
    {},
    {},
    {},
)
PROMPT = Prompt(
    "subject",
    1,
    "One {{ block }}.",
    "Why: {{ reason }}. Facts:{% for f in facts %} product: {{ f.value }};{% endfor %}",
    "h",
    "p",
)
TEMPLATE = Template("letter", "", "", {"subject": {"en-GB": "From our shelves: {{ item.name }}"}}, {}, "h")
CAMPAIGN = Campaign(
    "win_back",
    {"en-GB": "a while since the last order"},
    "",
    MetricSpec("ordered", "Order Completed"),
    "lapsed",
    "letter",
    {"subject": BlockSpec(60, "subject", True, ("item.name", "item.price", "item.material"))},
    BriefSpec(family="last_family"),
    generation=GenerationSpec(max_lines=2, candidates=6),
    review="auto",
)

NOW = datetime(2026, 6, 1, tzinfo=UTC)


class Told:
    """Progress that remembers what was said."""

    def __init__(self) -> None:
        self.said: list[str] = []

    def stage(self, name: str, total: int | None = None) -> None: ...
    def advance(self, done: int = 1) -> None: ...
    def say(self, text: str) -> None:
        self.said.append(text)


class World:
    """A database, and `run` on it."""

    def __init__(self) -> None:
        engine = open_database("sqlite://")
        self.creatives, self.cache, self.told = SqlCreativeStore(engine), SqlDraftCache(engine), Told()
        self.exposures, self.rules = SqlExposures(engine), VendorRules()

    def run(
        self,
        model: Callable[[], Generator | None],
        campaign: Campaign = CAMPAIGN,
        brand: Brand = BRAND,
        items: Mapping[str, Item] = ITEMS,
    ) -> Mapping[str, Any]:

        def calls() -> ModelCalls | None:
            generator = model()
            if generator is None:
                return None
            masker = Masker(MaskingRules())
            return ModelCalls(generator, masker, self.cache, self.exposures, FixedClock(NOW), self.rules)

        subjects = [Subject("family", (("last_family", f),), 1) for f in ("kettles", "tools")] + [Subject("default")]
        briefs: list[Brief] = [
            compose_brief(campaign, "subject", s, "en-GB", items.values(), brand, PROMPT, {"material": "text"})
            for s in subjects
        ]
        return generate_creatives(
            briefs, brand, {"subject": PROMPT}, campaign, TEMPLATE, items, lambda brief: {}, calls, self.creatives, self.told, 7,
            CopyCheck(bootstrap.open_validator(), items, NOW, "UTC", brand.name),
        )  # fmt: skip


def test_approved_and_template_lines_become_usable_creatives_without_a_model() -> None:
    world = World()
    detail = world.run(lambda: None)
    found = world.creatives.find("win_back")
    assert sorted((c.rung, c.tags.get("line"), c.usable) for c in found) == [
        ("approved", "s1", True),
        ("template", None, True),
    ]
    assert detail["lines_written"] == detail["model_calls"] == 0


def test_an_approved_line_that_breaks_a_hard_limit_is_reported_and_not_used() -> None:
    world = World()
    detail = world.run(lambda: None)
    (refused,) = detail["refused_lines"]
    assert refused["line"] == "s2"
    assert refused["finding"].startswith("too_long")
    assert any("s2" in line for line in world.told.said)


def test_the_model_writes_for_the_largest_subjects_within_its_budget() -> None:
    world = World()
    detail = world.run(ScriptedGenerator)
    written = [c for c in world.creatives.find("win_back") if c.rung == "model"]
    assert 1 <= len(written) <= CAMPAIGN.generation.max_lines
    assert all(c.approval == "pending" and "{{ item.name }}" in c.text for c in written)
    assert detail["lines_by_locale"]["en-GB"]["briefs"] == 2
    assert detail["lines_written"] == detail["lines_passed"] + sum(detail["rejected_by_reason"].values())
    notes = world.creatives.get(written[0].creative_id)
    assert notes is not None
    assert notes[1]["verdict"]["status"] == "pass"
    assert notes[1]["model"]["name"] == "scripted"
    assert notes[1]["prompt_authors"] == []
    assert "kettle" in notes[1]["raw"] or "secateurs" in notes[1]["raw"]


def test_inventions_are_rejected_with_finding_and_span() -> None:
    world = World()
    detail = world.run(lambda: ScriptedGenerator(["{product}, now 20% off", "A waterproof {product}", "Only 3 left"]))
    assert detail["lines_accepted"] == 0
    assert set(detail["rejected_by_reason"]) <= {"invented_literal", "claim", "needs_article", "past_order"}
    for example in detail["rejected_examples"]:
        start, end = example["span"]
        assert example["text"][start:end]
        assert (example["block"], example["locale"]) == ("subject", "en-GB")
    assert len(detail["rejected_examples"]) >= 3


@pytest.mark.slow
def test_a_second_run_asks_the_cache_and_changes_nothing() -> None:
    world = World()
    world.run(ScriptedGenerator)
    before = world.creatives.find("win_back")
    model = ScriptedGenerator()
    detail = world.run(lambda: model)
    assert model.calls == detail["model_calls"] == 0
    assert detail["cached"] == detail["requests"] > 0
    assert world.creatives.find("win_back") == before


@pytest.mark.slow
def test_what_a_person_rejected_stays_rejected_and_does_not_come_back_in_another_brief() -> None:
    world = World()

    def lines() -> ScriptedGenerator:
        return ScriptedGenerator(["One to look at: {product}"])

    assert world.run(lines)["lines_accepted"] == 2
    for creative in world.creatives.find("win_back"):
        world.creatives.review(creative.creative_id, "rejected", "Ann", "no", "2026-06-01T00:00:00+00:00")
    dearer = {name: replace(item, price=Decimal("99.00")) for name, item in ITEMS.items()}
    for items in (ITEMS, dearer):
        assert world.run(lines, items=items)["lines_accepted"] == 0
    assert {c.approval for c in world.creatives.find("win_back")} == {"rejected"}


def test_a_model_that_fails_leaves_the_other_rungs_and_is_reported() -> None:
    class Broken(ScriptedGenerator):
        """Out of order."""

        def complete(self, request: CompletionRequest) -> Completion:
            raise GeneratorError("out of order")

    world = World()
    detail = world.run(Broken)
    assert detail["generator_error"] == "out of order"
    assert {c.rung for c in world.creatives.find("win_back")} == {"approved", "template"}


def test_no_generator_is_opened_where_nothing_is_to_be_written() -> None:
    def never() -> Generator | None:
        raise AssertionError("opened")

    World().run(never, replace(CAMPAIGN, generation=GenerationSpec(max_lines=0)))


@pytest.mark.slow
@pytest.mark.parametrize(("review", "saved"), [("auto", 0), ("queue", 2)])
def test_an_unusual_phrase_is_kept_only_where_a_person_will_look(review: Any, saved: int) -> None:
    world = World()
    detail = world.run(lambda: ScriptedGenerator(["Could be for you? {product}"]), replace(CAMPAIGN, review=review))
    written = [c for c in world.creatives.find("win_back") if c.rung == "model"]
    assert len(written) == saved
    assert detail["lines_accepted"] == 0


def test_prompts_that_the_vendor_may_not_have_are_left_out_and_the_run_goes_on() -> None:
    class Remote(ScriptedGenerator):
        """A vendor's."""

        def card(self) -> ModelCard:
            return ModelCard("m", "vendor", "", "https://vendor.example/v1")

    world = World()
    world.rules = VendorRules(knowledge=frozenset({"item.name"}))
    model = Remote()
    detail = world.run(lambda: model)
    (reason,) = detail["prompts_refused"]
    assert "text of a knowledge table" in reason and detail["prompts_refused"][reason] > 0
    assert detail["generator_error"] == "" and detail["lines_by_locale"]["en-GB"]["briefs"] == 2
    assert model.calls == 0 and {one.state for one in world.exposures.find()} == {"refused"}
    assert len([said for said in world.told.said if "was not sent" in said]) == 1


def test_what_is_personal_in_what_a_person_typed_is_masked_and_counted() -> None:
    campaign = replace(CAMPAIGN, reason={"en-GB": "a while, ask ana@private.example"})
    world, told = World(), []

    class Listening(ScriptedGenerator):
        """Remembers its prompts."""

        def complete(self, request: CompletionRequest) -> Completion:
            told.append(repr(request))
            return super().complete(request)

    detail = world.run(Listening, campaign)
    assert told and "ana@" not in "".join(told)
    assert detail["masked"]["email"] > 0
    assert all("ana@" not in repr(one) for one in world.exposures.find())


@pytest.mark.slow
def test_the_run_says_what_was_mended_written_anew_and_left_to_peoples_lines() -> None:
    mended = World().run(lambda: ScriptedGenerator(["One to look at: {product}, now waterproof"]))
    assert (mended["requests"], mended["repaired"], mended["regenerated"], mended["fallback"]) == (2, 6, 0, 0)
    world = World()
    left = world.run(lambda: ScriptedGenerator(["A waterproof {product} for you"]))
    assert (left["requests"], left["repaired"], left["regenerated"], left["fallback"]) == (6, 0, 4, 2)
    steps = [[step["step"] for step in one["steps"]] for one in left["fallback_examples"]]
    assert steps == [["draft", "regenerate", "regenerate"]] * 2
    assert {c.rung for c in world.creatives.find("win_back")} == {"approved", "template"}


def test_the_words_of_a_refused_draft_count_as_what_the_vendor_was_told() -> None:
    world = World()
    world.run(lambda: ScriptedGenerator(["A waterproof {product} for you"]))
    counts = sorted(len(one.contents.slots) for one in world.exposures.find())
    assert counts == [2, 2, 2, 2, 3, 3]  # one brief's second request showed a fact more; its third may repeat it
