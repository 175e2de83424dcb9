"""What is so or not."""

from dataclasses import replace
from decimal import Decimal

import pytest

from .kettle import KETTLE, fact, findings, kinds


@pytest.mark.parametrize(
    "text",
    ["No dishwasher: it is not dishwasher-safe.", "RoHS: compliant.", "With an integrated card reader.",
     "Dishwasher safe: no.", "The card reader is included."],
)  # fmt: skip
def test_what_is_so_may_be_said_in_any_order_and_what_is_not_may_be_denied(text: str) -> None:
    assert kinds(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [("Dishwasher safe: yes.", "Dishwasher safe"), ("Not RoHS compliant.", "RoHS"), ("No card reader.", "card reader")],
)
def test_what_is_not_so_is_found(text: str, words: str) -> None:
    assert ("contradiction", words) in kinds(text)


def test_a_hint_at_what_is_not_so_asks_a_person() -> None:
    (found,) = findings("It goes in the dishwasher.")
    assert (found.type, found.severity, found.evidence) == ("near_contradiction", "warning", "dishwasher safe: no")
    assert kinds("Keep it out of the rain, not in the dishwasher.") == []


def test_a_single_everyday_word_counts_where_the_sentence_says_that_it_is_a_property() -> None:
    subjects = (replace(KETTLE, facts=(*KETTLE.facts, fact("light", False), fact("light range", Decimal(3), "m"))),)
    assert kinds("It has a light range of 3 m and gives light.", subjects=subjects) == []
    assert ("contradiction", "light") in kinds("It includes light.", subjects=subjects)
