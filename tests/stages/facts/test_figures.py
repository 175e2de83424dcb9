"""Figures."""

from dataclasses import replace
from decimal import Decimal

from .kettle import KETTLE, fact, kinds


def test_a_denied_figure_is_false_where_it_is_the_fact_s_and_true_where_it_is_not() -> None:
    assert kinds("It does not weigh 1.1 kg.") == [("denied_fact", "1.1 kg")]
    assert kinds("It does not weigh 3 kg.") == []


def test_idioms_ordinals_and_years_of_a_date_are_no_figures() -> None:
    assert kinds("Open 24/7, the 1st of 2026.") == []


def test_a_number_of_an_attribute_s_name_is_none_of_the_text() -> None:
    assert kinds("Four USB 2.0 ports.") == [] and kinds("Four USB 3.0 ports.") == [("number", "3.0")]


def test_a_saving_is_that_of_the_two_prices_and_not_any_share_of_the_facts() -> None:
    humid = (*KETTLE.facts, fact("humidity", Decimal(30), "%"))
    subjects = (replace(KETTLE, facts=humid),)
    assert kinds("Save 30%.", subjects=subjects) == [("contradiction", "30%")]
    assert kinds("Save 20%, that is £12.00 off. Humidity: 30%.", subjects=subjects) == []


def test_a_sign_of_the_next_line_is_no_unit() -> None:
    assert kinds("Per pack: 6\n£48.00") == []
