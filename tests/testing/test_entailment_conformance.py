"""The suite finds judges that are none."""

from collections.abc import Callable, Sequence

import pytest

from tailorbird.testing import entailment_conformance as suite
from tailorbird.types.entailment import Entailed


class Words:
    """Takes a claim for true that has a word of a premise; with one fault on purpose."""

    name = "words"

    def __init__(self, fault: str = "") -> None:
        self.fault, self.asked = fault, 0
        if fault == "no_name":
            self.name = ""

    def judge(self, premises: Sequence[str], claim: str, locale: str) -> Entailed:
        self.asked += 1
        if self.fault == "breaks" and "{{" in claim:
            raise ValueError(claim)
        shared = {word for premise in premises for word in premise.split()} & set(claim.split())
        likely = 0.5 if not shared else 0.9
        if self.fault == "moody":
            likely = 1 / (1 + self.asked)
        return Entailed(likely, 0.0, 1 - likely if self.fault != "too_much" else 1.0)


@pytest.mark.parametrize("check", suite.CHECKS)
def test_a_sound_judge_passes(check: Callable[[suite.MakeEntailment], None]) -> None:
    check(Words)


@pytest.mark.parametrize(
    ("fault", "check"),
    [
        ("too_much", suite.check_probabilities_add_up),
        ("moody", suite.check_the_same_question_has_the_same_answer),
        ("no_name", suite.check_it_has_a_name),
        ("breaks", suite.check_hostile_and_empty_words_are_words),
    ],
)
def test_each_fault_is_found(fault: str, check: Callable[[suite.MakeEntailment], None]) -> None:
    with pytest.raises((AssertionError, ValueError)):
        check(lambda: Words(fault))
