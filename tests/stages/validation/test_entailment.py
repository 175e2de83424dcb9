"""The question to a judge, its answer, and what facts say as sentences."""

import math
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from tailorbird.stages.validation.entailment import EntailmentPromptError, ask, premises_of, read_answer
from tailorbird.types.completion import Sample
from tailorbird.types.entailment import Entailed
from tailorbird.types.fact import Entity, Fact, Facts
from tailorbird.types.prompt import Prompt

PROMPT = Prompt(
    "entailment", 1, "Judge.", "{% for p in premises %}- {{ p }}\n{% endfor %}{{ claim }} ({{ locale }})", "h", "p"
)
NOW = datetime(2026, 6, 1, tzinfo=UTC)


def test_premises_and_claim_stand_in_the_prompt_and_nowhere_break_a_line() -> None:
    request = ask(PROMPT, ["a\nb", "{{ claim }}"], "It is\nso {{ locale }}", "en-GB")
    assert request.messages[1] == ("user", "- a b\n- {{ claim }}\nIt is so {{ locale }} (en-GB)")
    assert (request.candidates, request.temperature) == (1, 0.0)


def test_a_prompt_that_cannot_be_filled_names_its_file() -> None:
    wrong = Prompt("entailment", 1, "Judge.", "{{ clam }}", "h", "prompts/entailment/v1.md")
    with pytest.raises(EntailmentPromptError, match=r"prompts/entailment/v1\.md.*claim"):
        ask(wrong, [], "x", "en")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A", Entailed(1.0, 0.0, 0.0)),
        (" b. ", Entailed(0.0, 1.0, 0.0)),
        ("(C)", Entailed(0.0, 0.0, 1.0)),
        ("All of it", Entailed(0.0, 0.0, 1.0)),
        ("", Entailed(0.0, 0.0, 1.0)),
        ("entailed", Entailed(0.0, 0.0, 1.0)),
    ],
)
def test_a_letter_is_an_answer_and_anything_else_is_unclear(text: str, expected: Entailed) -> None:
    assert read_answer(Sample(text, True)) == expected


def test_the_servers_log_probability_is_how_sure_it_is() -> None:
    found = read_answer(Sample("B", True, math.log(0.8)))
    assert (found.entail, found.contradict, found.neutral) == pytest.approx((0.1, 0.8, 0.1))
    assert read_answer(Sample("B", True, 0.3)).contradict == 1.0


def test_every_fact_that_holds_is_a_sentence() -> None:
    facts = Facts(
        (
            Entity(
                "k",
                ("Hobbin kettle",),
                (
                    Fact("weight", Decimal("1.1"), "kg"),
                    Fact("delivery", Decimal("2"), "days", Decimal("4")),
                    Fact("dishwasher safe", False),
                    Fact("material", "steel"),
                    Fact("old", "gone", until=NOW),
                    Fact("offer ends", NOW + timedelta(days=1), until=NOW + timedelta(days=1)),
                ),
            ),
        ),
        as_of=NOW,
    )
    assert premises_of(facts) == (
        "Hobbin kettle: weight 1.1 kg",
        "Hobbin kettle: delivery 2 to 4 days",
        "Hobbin kettle: dishwasher safe no",
        "Hobbin kettle: material steel",
        "Hobbin kettle: offer ends 2026-06-02T00:00:00+00:00",
    )
