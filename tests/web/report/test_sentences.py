"""The plain sentences."""

from dataclasses import replace

import pytest

from tailorbird.stages.measurement.readout import read_out
from tailorbird.testing.readouts import UNTIL, example_campaign, example_outcomes
from tailorbird.types.readout import CountRow, Rate, RateRow, Readout, SameForAll, Work
from tailorbird.web.report import sentences


def readout_of(treated: int, treated_orders: int, holdout: int, holdout_orders: int, share: float = 0.5) -> Readout:
    columns = example_outcomes(treated, treated_orders, holdout, holdout_orders)
    return read_out(example_campaign(share), columns, UNTIL, "GBP")


@pytest.mark.parametrize(
    ("amount", "currency", "expected"),
    [
        (12.3, "GBP", "£12.30"),
        (-0.5, "EUR", "-€0.50"),
        (3, "CHF", "CHF 3.00"),
        (0.0000204, "GBP", "£0.000020"),
        (0, "USD", "$0.00"),
        (1234567.8, "", "1,234,567.80"),
    ],
)
def test_money_reads_as_people_write_it(amount: float, currency: str, expected: str) -> None:
    assert sentences.money(amount, currency) == expected


def test_the_cost_of_an_extra_order_is_known_only_when_the_interval_excludes_zero() -> None:
    known = replace(readout_of(2000, 400, 2000, 200), work=Work(cost_micros=50_000_000))
    low, middle, high = sentences.incremental_cost(known) or (0, 0, 0)
    assert middle == pytest.approx(50 / (0.1 * 2000))
    assert low < middle < high
    assert "One more order cost £0.25 of writing" in sentences.cost_sentence(known)
    unknown = replace(readout_of(2000, 210, 2000, 200), work=Work(cost_micros=50_000_000))
    assert sentences.incremental_cost(unknown) is None
    assert "is not known" in sentences.cost_sentence(unknown)


def test_a_lift_within_chance_is_not_sold_as_one() -> None:
    assert "chance alone can explain" in sentences.lift_sentence(readout_of(435, 231, 435, 226))
    assert "too few conversions" in sentences.lift_sentence(readout_of(27, 9, 3, 0, 0.1))
    assert "more than chance explains" in sentences.lift_sentence(readout_of(2000, 400, 2000, 200))
    assert "behind" in sentences.lift_sentence(readout_of(435, 220, 435, 226))


def row(key: str, low: float, high: float, mean: float = 0.1) -> RateRow:
    rate = Rate((low + high) / 2, low, high, (low + high) / 2, mean)
    return RateRow(CountRow(key, "subject", 100, 10, 10), rate, rate)


def test_a_line_stands_out_only_where_its_interval_leaves_the_mean_of_its_block() -> None:
    assert sentences.rows_sentence((), "line") == "No line was shown to anybody yet."
    within = [row("a", 0.05, 0.2), row("b", 0.0, 0.11)]
    assert "within what chance gives" in sentences.rows_sentence(within, "line")
    assert "“c” did better than the others" in sentences.rows_sentence([*within, row("c", 0.11, 0.2)], "line")
    assert "“d” did worse than the others" in sentences.rows_sentence([*within, row("d", 0.01, 0.03)], "line")


def test_slots_are_shown_as_names() -> None:
    assert sentences.readable("Your {{ item.short_name }} again") == "Your ‹item short name› again"


def test_work_is_told_per_message_and_without_a_model_too() -> None:
    assert sentences.work_sentence(Work(messages=2600, model_calls=26)).endswith("one for every 100.")
    assert "without a call" in sentences.work_sentence(Work(messages=5))
    assert sentences.work_sentence(Work()) == "No message has been made yet."
    assert "No model wrote" in sentences.rejected_sentence(Work())


def test_rungs_are_shares_of_blocks() -> None:
    work = Work(rungs={"subject": {"model": 30, "approved": 70}})
    assert sentences.rungs_sentence(work) == "Of 100 blocks of copy, approved lines filled 70% and a model wrote 30%."


def test_the_baseline_is_not_claimed_where_it_cannot_be_told() -> None:
    unknown = SameForAll("subject", "x", 0.1, None, 12.0, why="few")
    assert "not known" in sentences.same_sentence([unknown])
    same = replace(unknown, rate=0.1, low=-0.02, high=0.02)
    assert "cannot be told apart" in sentences.same_sentence([unknown, same])
    worse, better = replace(same, low=0.01), replace(same, block="headline", high=-0.01)
    assert "did worse in subject than" in sentences.same_sentence([worse])
    assert "did better in headline and did worse in subject than" in sentences.same_sentence([worse, better])
    assert "in 1 more block it cannot be told" in sentences.same_sentence([same, better])


def test_a_window_that_only_some_have_had_is_told_so() -> None:
    whole = readout_of(2000, 400, 2000, 200)
    assert sentences.lift_sentence(whole).startswith("After 14 days")
    young = replace(whole, lift_over_time=(replace(whole.lift_over_time[-1], treated_people=500, holdout_people=500),))
    assert sentences.lift_sentence(young).startswith("So far (1,000 of 4,000 people have had 14 days)")


def test_money_is_not_compared_on_a_handful_of_orders() -> None:
    assert "too few orders" in sentences.money_sentence(readout_of(2000, 40, 2000, 30))


def test_nothing_is_compared_while_the_split_is_off() -> None:
    blocked = readout_of(2000, 300, 1500, 150)
    assert blocked.verdict == "blocked"
    assert "while the split is off" in sentences.lift_sentence(blocked)
    assert "not compared" in sentences.money_sentence(blocked)


def test_p_values_are_not_printed_to_the_last_digit() -> None:
    assert [sentences.p_words(p) for p in (0.03449, 1e-9)] == ["p = 0.0345", "p < 0.0001"]


def test_findings_are_named_in_words_even_new_ones() -> None:
    assert sentences.plain_reason("unknown_literal") == "a figure or name that no fact supports"
    assert sentences.plain_reason("some_new_check") == "some new check"
