"""One brief, from request to judged drafts."""

from dataclasses import replace

from tailorbird.pipeline.drafting import Tally, answer_request, complete_facts, judge_sample, request_key
from tailorbird.testing.generator import ScriptedGenerator
from tailorbird.testing.generator_conformance import SAMPLE_REQUEST
from tailorbird.types.brand import Brand
from tailorbird.types.brief import Brief, Limits, Slot, Subject
from tailorbird.types.completion import Completion, ModelCard, Sample

BRAND = Brand("Wren", "", {}, (), {}, {}, {})
BRIEF = Brief(
    "b_1",
    "win_back",
    "email",
    "subject",
    Subject("default"),
    "en-GB",
    "a while",
    (Slot("item.name", "name", "catalog"), Slot("person.first_name", "name", "profile")),
    Limits(60),
    "",
    "subject/v1",
    "h",
    facts={"item.name": "Quillet kettle"},
)
SAMPLES = {"item.name": ("Quillet kettle",), "person.first_name": ("Jo",)}


class Cache:
    """A draft cache in memory."""

    def __init__(self) -> None:
        self.rows: dict[str, Completion] = {}

    def get(self, key: str) -> Completion | None:
        return self.rows.get(key)

    def put(self, key: str, completion: Completion) -> None:
        self.rows.setdefault(key, completion)


def test_the_key_covers_the_request_and_the_model() -> None:
    card = ModelCard("m", "p", "d")
    key = request_key(SAMPLE_REQUEST, card)
    assert key == request_key(SAMPLE_REQUEST, card)
    assert key != request_key(replace(SAMPLE_REQUEST, seed=8), card)
    assert key != request_key(SAMPLE_REQUEST, ModelCard("m", "p", "other"))


def test_the_key_says_which_server_is_asked() -> None:
    here, there = (ModelCard("m", "p", endpoint=f"https://{host}/v1") for host in ("here", "there"))
    assert request_key(SAMPLE_REQUEST, here) != request_key(SAMPLE_REQUEST, there)


def test_an_exact_request_is_answered_once() -> None:
    model, cache, tally = ScriptedGenerator(), Cache(), Tally()
    first = answer_request(SAMPLE_REQUEST, model, cache, tally)
    assert answer_request(SAMPLE_REQUEST, model, cache, tally) == first
    assert (model.calls, tally.requests, tally.model_calls, tally.cached) == (1, 2, 1, 1)


def test_a_sample_that_was_cut_off_is_rejected() -> None:
    _, verdict = judge_sample(Sample("We picked", False), BRIEF, 0, BRAND, set(), SAMPLES)
    assert verdict.findings[0].type == "cut_off"


def test_a_good_sample_comes_back_in_slot_form() -> None:
    text, verdict = judge_sample(Sample("Have you seen Quillet kettle?", True), BRIEF, 0, BRAND, set(), SAMPLES)
    assert text == "Have you seen {{ item.name }}?"
    assert verdict.passed


def test_the_facts_of_a_person_are_invented_and_those_of_the_item_stay() -> None:
    values = {"person.first_name": "Ines", "item.name": "Other", "last_item.short_name": "not offered"}
    assert complete_facts(BRIEF, values).facts == {"person.first_name": "Ines", "item.name": "Quillet kettle"}
