"""Claims in words."""

from .kettle import findings, kinds


def test_a_claim_that_is_denied_or_that_the_facts_hold_is_none() -> None:
    assert kinds("It is not waterproof. With a warranty.") == []


def test_puffery_asks_a_person_and_a_claim_blocks() -> None:
    assert [found.severity for found in findings("Always the best, in every case.")] == ["warning", "error", "error"]


def test_availability_is_held_against_the_stock() -> None:
    assert kinds("In stock.") == [] and kinds("Out of stock.") == [("contradiction", "Out of stock")]
    assert kinds("Almost gone.") == [("availability", "Almost gone")]


def test_a_promised_day_of_delivery_needs_a_fact() -> None:
    assert kinds("Get it tomorrow.") == [("delivery", "Get it tomorrow")]
