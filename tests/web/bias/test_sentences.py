"""The sentences of the bias report."""

from dataclasses import replace

import pytest

from tailorbird.stages.fairness.answers import Passage
from tailorbird.stages.fairness.audit_result import DeliveryAudit, SelectionRates
from tailorbird.stages.fairness.comparisons import judge_delivered
from tailorbird.stages.fairness.rate_ratio import compare_rates
from tailorbird.web.bias import sentences
from tests.web.bias.test_page import audited, example

NOTHING = DeliveryAudit(0, 0, {}, (), ())


def test_the_verdict_tells_a_fault_before_findings_and_findings_before_their_absence() -> None:
    found = example()
    assert "should be looked at, by: gender" in sentences.verdict_sentence(found)
    leak = replace(found, null=Passage(200, {"slot": 1}))
    assert sentences.verdict_sentence(leak).startswith("Something is wrong: 1 pair")
    same = example(audited("gender"), delivery=NOTHING)
    assert "all 200 pairs of personas got the same message, byte for byte" in sentences.verdict_sentence(same)
    few = replace(same, contexts=6, audience=6)
    assert "Too few people to conclude anything: the audience has 6 people" in sentences.verdict_sentence(few)
    printed = replace(audited("gender"), passages={"women": Passage(200, {"slot": 150})})
    assert "150 differ in the value of a slot" in sentences.verdict_sentence(example(printed, delivery=NOTHING))
    moved = replace(audited("gender"), passages={"women": Passage(200, {"cell": 2, "slot": 150})})
    assert "among 200 pairs of personas; 152 differ" in sentences.verdict_sentence(example(moved, delivery=NOTHING))


@pytest.mark.parametrize(
    ("passage", "said"),
    [
        (Passage(10, unread=10), "10 pairs, every byte the same: nothing reads it"),
        (Passage(10, withheld=10), "every byte the same: consent withholds it"),
        (Passage(10, unread=2, withheld=3), "5 times it is read and changes nothing, 3 times consent withholds it"),
        (
            Passage(10, {"slot": 4, "cell": 1}),
            "5 of 10 pairs differ (1 because their brief is another one, 4 because the same lines",
        ),
        (Passage(10, {"slot": 4}, leaked=4), "4 pairs differ though nothing that is allowed reads it"),
    ],
)
def test_an_attribute_is_told_by_how_far_it_came(passage: Passage, said: str) -> None:
    one = replace(audited("gender"), passages={"women": passage}, denied=Passage())
    assert said in sentences.attribute_sentence(one)


@pytest.mark.parametrize(
    ("measure", "amount", "currency", "said"),
    [
        ("offer_price", -120.0, "GBP", "-£1.20"),
        ("offer_price", 500.0, "JPY", "+¥500.00"),
        ("discount", -5.0, "GBP", "-5.00 points"),
        ("written_to", 0.125, "GBP", "+12.5 points"),
        ("length", 3.25, "GBP", "+3.2 characters"),
        ("warmth", 0.5, "GBP", "+0.50"),
    ],
)
def test_an_amount_is_told_in_the_unit_of_its_measure(measure: str, amount: float, currency: str, said: str) -> None:
    assert sentences.amount_words(measure, amount, currency) == said


def test_every_finding_has_a_sentence_with_its_figures() -> None:
    said = [sentences.finding_sentence(finding, "GBP") for finding in example().findings]
    assert any("of 200 differ, adjusted p" in one for one in said)
    assert any("inside 4 cells" in one and "100 and 120 people" in one for one in said)
    assert any("being in the audience: women 300 of 1,000, men 500 of 1,000: ratio 0.60" in one for one in said)


def test_rates_are_broken_open_or_fine() -> None:
    def rates(*counts: tuple[int, int, int, int]) -> list[SelectionRates]:
        return [SelectionRates("a", "", "audience", "b", {str(c): compare_rates(*c)}) for c in counts]

    assert "1 of 2 groups is selected less" in sentences.rates_sentence(rates((10, 100, 50, 100), (50, 100, 50, 100)))
    assert "too small to settle" in sentences.rates_sentence(rates((4, 10, 5, 10)))
    assert sentences.rates_sentence(rates((480, 1000, 500, 1000))).endswith("as the best one.")
    assert "1 of 2 cannot be settled" in sentences.rates_sentence(rates((480, 1000, 500, 1000), (4, 10, 5, 10)))
    assert "No two groups" in sentences.rates_sentence([])


def test_deliveries_that_could_not_be_tested_are_not_called_equal() -> None:
    compared = example().delivery.comparisons
    assert "should be looked at" in sentences.delivered_sentence(compared)
    few = judge_delivered([replace(each, reason="") for each in compared], least=1_000)
    assert "No two groups of real people are large enough" in sentences.delivered_sentence(few)


def test_what_reaches_a_message_is_named() -> None:
    assert sentences.doors_sentence(example()) == "Of 2 attributes, 1 changes a message: gender."
    assert "None of 1 attribute" in sentences.doors_sentence(example(audited("gender")))
    assert "0 of 500 pairs" in sentences.withheld_sentence(example(audited("gender"), audited("age")))
    leaked = replace(audited("gender"), denied=Passage(50, leaked=2))
    assert "In 2 pairs" in sentences.withheld_sentence(example(leaked))
