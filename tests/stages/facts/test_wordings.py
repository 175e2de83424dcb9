"""Wordings, learned from facts and texts."""

from tailorbird.stages.facts.wordings import learn_wordings
from tailorbird.types.fact import Entity, Fact, Facts

NAMES = ("Arbor", "Briar", "Cedar", "Dahlia", "Elder")


def shop(name: str, price: str, garden: bool) -> Facts:
    return Facts((Entity(name, (name,), (Fact("price range", price), Fact("garden", garden))),))


EXAMPLES = [
    *((shop(name, "low", True), f"{name} is a thrifty place with a garden, number {n}.")
      for n, name in enumerate(NAMES * 4)),
    *((shop(name, "high", False), f"{name} is upmarket and dear, and it has no lawn. Number {n}.")
      for n, name in enumerate(NAMES * 4)),
    *((shop(name, "high", True), f"{name} is upmarket. It has a lawn. Number {n}.") for n, name in enumerate(NAMES * 4)),
]  # fmt: skip


def test_a_phrase_that_goes_with_one_value_is_its_wording_and_names_and_fillers_are_none() -> None:
    learned = learn_wordings(EXAMPLES, "en-GB")
    assert "thrifty" in learned["price range"]["low"]
    assert "upmarket" in learned["price range"]["high"]
    words = {word for values in learned.values() for wordings in values.values() for word in wordings}
    assert not words & {"arbor", "is a", "it", "number", "low", "high"}


def test_a_denied_phrase_counts_for_the_opposite_of_what_is_so() -> None:
    assert "lawn" in learn_wordings(EXAMPLES, "en-GB")["garden"]["yes"]


def test_few_texts_and_unknown_languages_teach_nothing() -> None:
    assert learn_wordings(EXAMPLES[:4], "en-GB") == {} == learn_wordings(EXAMPLES, "fr-FR") == learn_wordings([], "en")
