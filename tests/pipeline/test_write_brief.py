"""One brief, written, with a model that answers as it is told to."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal

from tailorbird import bootstrap
from tailorbird.adapters.sql.creatives import SqlCreativeStore
from tailorbird.adapters.sql.database import open_database
from tailorbird.adapters.sql.drafts import SqlDraftCache
from tailorbird.adapters.sql.exposures import SqlExposures
from tailorbird.pipeline.drafting import DRAWS, Tally
from tailorbird.pipeline.model_calls import ModelCalls, VendorRules
from tailorbird.pipeline.validation.copy_check import CopyCheck
from tailorbird.pipeline.validation.validator import Validator
from tailorbird.pipeline.write_brief import write_brief
from tailorbird.ports.check import Check
from tailorbird.stages.briefs.compose import compose_brief
from tailorbird.stages.privacy.masking import Masker, MaskingRules
from tailorbird.testing.state import FixedClock
from tailorbird.types.brand import Brand
from tailorbird.types.brief import Subject
from tailorbird.types.campaign import BlockSpec, BriefSpec, Campaign, GenerationSpec, MetricSpec
from tailorbird.types.candidate import Candidate
from tailorbird.types.completion import Completion, CompletionRequest, ModelCard, Sample
from tailorbird.types.item import Item
from tailorbird.types.prompt import Prompt
from tailorbird.types.verdict import Finding

NOW = datetime(2026, 6, 1, tzinfo=UTC)
ITEMS = {"k": Item("k", "1", "Quillet kettle", "kettles", Decimal("62.00"), "GBP", texts={"": {"material": "steel"}})}
BRAND = Brand("Wren", "home and garden", {"en-GB": "Plain."}, (), {}, {}, {})
PROMPT = Prompt("subject", 1, "One {{ block }}.", "{% for f in findings %}{{ f.words }} {% endfor %}", "h", "p")
CAMPAIGN = Campaign(
    "win_back",
    {"en-GB": "a while since the last order"},
    "",
    MetricSpec("ordered", "Order Completed"),
    "lapsed",
    "letter",
    {"subject": BlockSpec(60, "subject", True, ("item.name", "item.price", "item.material"))},
    BriefSpec(family="last_family"),
    generation=GenerationSpec(max_lines=2, candidates=6, per_brief=2),
    review="auto",
)


class Answers:
    """A remote model that gives one list of lines after the other, and remembers its last turns."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers, self.turns = list(answers), list[str]()

    def card(self) -> ModelCard:
        return ModelCard("m", "vendor", "", "https://vendor.example/v1")

    def complete(self, request: CompletionRequest) -> Completion:
        self.turns.append(request.messages[-1][1])
        lines = self.answers[len(self.turns) - 1]
        return Completion(tuple(Sample(line, True, -0.1 * n) for n, line in enumerate(lines)), model=self.card())

    def close(self) -> None: ...


def write(
    model: Answers, knowledge: frozenset[str] = frozenset(), *plugins: Check
) -> tuple[int, Tally, SqlCreativeStore]:
    engine = open_database("sqlite://")
    creatives, tally = SqlCreativeStore(engine), Tally()
    brief = compose_brief(
        CAMPAIGN, "subject", Subject("default"), "en-GB", ITEMS.values(), BRAND, PROMPT, {"material": "text"}
    )
    calls = ModelCalls(
        model, Masker(MaskingRules()), SqlDraftCache(engine), SqlExposures(engine), FixedClock(NOW),
        VendorRules(knowledge=knowledge),
    )  # fmt: skip
    check = CopyCheck(Validator(bootstrap.own_checks(), plugins), ITEMS, NOW, "UTC", "Wren")
    count = write_brief(
        brief, PROMPT, BRAND, ITEMS, {"material": "text"}, {}, CAMPAIGN, calls, creatives, 7, tally, check
    )
    return count, tally, creatives


BAD = ["A waterproof Quillet kettle for you"]


def test_what_the_first_requests_brought_counts_though_the_next_one_may_not_be_sent() -> None:
    model = Answers(["One to look at: Quillet kettle"])
    count, tally, creatives = write(model, frozenset({"item.price", "item.material"}))  # the second draw states one
    assert (count, len(model.turns), tally.fallback) == (1, 1, 0)
    assert [line.text for line in creatives.find("win_back")] == ["One to look at: {{ item.name }}"]


def test_lines_of_several_requests_make_up_what_a_brief_wants() -> None:
    model = Answers(["One to look at: Quillet kettle", *BAD], ["Have you seen this? Quillet kettle"])
    count, tally, creatives = write(model)
    assert (count, tally.regenerated) == (2, 1)
    assert model.turns == ["", "waterproof"]
    notes = [(creatives.get(line.creative_id) or (line, {}))[1] for line in creatives.find("win_back")]
    assert sorted([step["step"] for step in one["steps"]] for one in notes) == [
        ["draft", "draft"],  # what the first request brought stands beside the draft that was refused
        ["draft", "regenerate"],
    ]


def test_no_brief_has_more_than_its_requests() -> None:
    model = Answers(*[BAD] * 9)
    count, tally, _ = write(model)
    assert (count, len(model.turns), tally.fallback) == (0, DRAWS, 1)
    assert [step["step"] for step in tally.failures[0]["steps"]] == ["draft", "regenerate", "regenerate"]  # type: ignore[attr-defined]


def steps_of(creatives: SqlCreativeStore) -> dict[str, list[tuple[str, str]]]:
    notes = {line.text: (creatives.get(line.creative_id) or (line, {}))[1] for line in creatives.find("win_back")}
    return {text: [(step["step"], step["status"]) for step in one["steps"]] for text, one in notes.items()}


def test_a_draft_is_mended_before_the_model_is_asked_again_and_each_step_is_kept() -> None:
    model = Answers(["One to look at: Quillet kettle, now waterproof", "Have you seen this? quillet kettle"])
    count, tally, creatives = write(model)
    assert (count, tally.repaired, tally.regenerated, len(model.turns)) == (2, 2, 0, 1)
    assert steps_of(creatives) == {
        "One to look at: {{ item.name }}": [("draft", "block"), ("repair", "pass")],
        "Have you seen this? {{ item.name }}": [("draft", "block"), ("repair", "pass")],
    }


def test_a_line_that_needed_no_repair_goes_before_one_that_did() -> None:
    lines = ["One to look at: Quillet kettle, now waterproof", "Maybe this? Quillet kettle"]
    _, _, creatives = write(Answers([*lines, "Have you seen this? Quillet kettle"]))
    assert set(steps_of(creatives)) == {"Maybe this? {{ item.name }}", "Have you seen this? {{ item.name }}"}


class NoLooking:
    """Objects to the word 'look', as a plugin might."""

    name, languages = "no-looking", frozenset({"en"})

    def check(self, candidate: Candidate) -> Iterable[Finding]:
        if "look" in candidate.text:
            yield Finding(self.name, "error", (0, 0), "look", "nobody looks here")


def test_a_line_that_an_installed_check_refuses_is_not_accepted_and_its_writer_is_told() -> None:
    model = Answers(["One to look at: Quillet kettle"], ["Maybe this? Quillet kettle"], BAD)
    count, tally, _ = write(model, frozenset(), NoLooking())
    assert (count, tally.rejected["look"]) == (1, 1)
