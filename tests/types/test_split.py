"""Splits in words."""

from tailorbird.types.audience import Condition
from tailorbird.types.split import Rate, Split, words_of


def test_conditions_are_told_in_words_whether_they_hold_or_not() -> None:
    assert words_of(Condition("spent", at_least=60)) == "spent at least 60"
    assert words_of(Condition("spent", at_least=60), False) == "spent missing or below 60"
    assert words_of(Condition("spent", at_most=2.5), False) == "spent missing or above 2.5"
    assert words_of(Condition("country", one_of=("DE", "FR")), False) == "country none of DE, FR"
    assert words_of(Condition("vip", equals=True)) == "vip is true"
    assert words_of(Condition("country", equals="DE"), False) == "country is not DE"


def test_a_path_is_told_from_the_root() -> None:
    rate = Rate(1, 0, 0.0, 0.0, 1.0)
    leaf = Split(((Condition("vip", equals=True), True), (Condition("spent", at_least=1), False)), 1, rate, rate, None)
    assert leaf.words() == "vip is true and spent missing or below 1"
    assert Split((), 1, rate, rate, None).words() == "everybody"
    assert list(leaf.leaves()) == [leaf]
