import pytest

from tailorbird.stages.policies.required import PRICE, line_pattern, line_words
from tailorbird.types.policy_pack import PolicyRule
from tests.stages.policies.packs import find

SENTENCE = "THIS PRICE WAS SET BY AN ALGORITHM USING YOUR PERSONAL DATA."
BESIDE = PolicyRule("price", "needs the sentence", lines={"*": (SENTENCE,)}, beside="price", within=60, cased=True)


def test_a_line_that_is_missing_can_be_put_at_the_end() -> None:
    rule = PolicyRule("risk", "needs a line", lines={"en": ("Capital at risk", "Investing involves risk")})
    (found,) = find("Invest with us.", rule)
    assert (found.span, found.repair) == ((15, 15), "\nCapital at risk")
    assert find("Invest with us.\nCapital   at\nrisk.", rule) == []
    assert find("investing involves risk", rule) == []
    assert len(find("Capital at risky places", rule)) == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"Yours for £12. {SENTENCE}", 0),
        (f"{SENTENCE} £12", 0),
        ("Yours for £12.", 1),
        (f"Yours for £12. {SENTENCE.title()}", 1),
        (f"Yours for £12.{' and so on' * 10} {SENTENCE}", 1),
        (f"Now £12. {SENTENCE} {'x ' * 60}Then £9.", 1),
        ("No price is shown.", 0),
    ],
)
def test_a_line_stands_beside_every_price_or_no_price_is_shown(text: str, found: int) -> None:
    assert len(find(text, BESIDE)) == found


def test_the_finding_is_at_the_price_that_lacks_the_line() -> None:
    text = f"Now £12. {SENTENCE} {'x ' * 60}Then £9.50 only."
    (found,) = find(text, BESIDE)
    assert text[slice(*found.span)] == "£9.50"
    assert found.evidence == SENTENCE


@pytest.mark.parametrize("price", ["£12", "12,50 €", "$1,299.00", "EUR 12", "12 dollars", "€ 1.299,00"])
def test_prices_are_found_as_they_are_written(price: str) -> None:
    match = PRICE.search(f"only {price} today")
    assert match is not None and match.group() == price


def test_a_line_with_signs_is_found() -> None:
    assert line_pattern("18+", False).search("For 18+ only")
    assert not line_pattern("18+", False).search("118+")
    assert line_words("Über 18!") == {"über", "18"}
