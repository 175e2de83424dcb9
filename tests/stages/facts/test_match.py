"""When a number is a fact's."""

import pytest

from tailorbird.stages.facts.index import compile_facts
from tailorbird.stages.facts.languages import language_of
from tailorbird.stages.facts.match import match_number
from tailorbird.stages.facts.quantities import find_quantities
from tailorbird.stages.facts.tokens import tokenise

from .kettle import FACTS

ENGLISH = language_of("en")
assert ENGLISH is not None
INDEX = compile_facts(FACTS, ENGLISH)


def names(text: str, *cues: str) -> set[str]:
    assert ENGLISH is not None
    tokens = tokenise(text)
    (quantity,) = find_quantities(tokens, ENGLISH, [False] * len(tokens))
    return {fact.name for fact in match_number(quantity, frozenset(cues), INDEX).facts}


@pytest.mark.parametrize(
    ("text", "agrees"),
    [("1100 g", True), ("1.10 kg", True), ("1.1 g", False), ("2.43 lb", True), ("2.5 lb", False), ("8.66 inches", True),
     ("£48", True), ("£48.01", False), ("€48", False), ("nearly £50", True), ("nearly £48", False),
     ("over £40", True), ("over £20", False), ("at most 25 cm", True), ("-5 to 45 °C", True), ("-5 to 44 °C", False),
     ("23 to 113 °F", True), ("about 1 kg", False), ("about 1.15 kg", True)],
)  # fmt: skip
def test_a_number_agrees_in_any_unit_of_its_kind_and_within_its_bound(text: str, agrees: bool) -> None:
    assert bool(names(text)) is agrees


def test_words_beside_a_number_choose_the_attribute() -> None:
    assert names("1.4 kg") == {"package weight"}
    tokens = tokenise("1.4 kg")
    (quantity,) = find_quantities(tokens, language_of("en"), [False] * len(tokens))  # type: ignore[arg-type]
    match = match_number(quantity, frozenset({"weight"}), INDEX)
    assert match.rival is not None and match.rival.name == "weight"
    assert match_number(quantity, frozenset({"weight", "pack"}), INDEX).rival is None
