"""Facts laid out for comparison."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from tailorbird.stages.facts.english import ENGLISH
from tailorbird.stages.facts.index import compile_facts, concepts, index_of
from tailorbird.types.fact import Entity, Fact, Facts

from .kettle import FACTS


def test_numbers_within_values_in_words_are_numbers_of_the_attribute() -> None:
    index = compile_facts(FACTS, ENGLISH)
    found = {(one.name, one.low, one.unit.name if one.unit else "") for one in index.numbers}
    assert {("capacity", Decimal("1.8"), "l"), ("warranty", Decimal(2), "y"), ("resolution", Decimal(900), "")} <= found
    assert ("1", "8", "litres") not in index.values and ("moss", "green") in index.values


def test_discount_and_saving_follow_from_a_price_and_what_it_was() -> None:
    index = compile_facts(FACTS, ENGLISH)
    derived = {one.name: one.low for one in index.numbers if one.derived}
    assert derived == {"discount": Decimal(20), "saving": Decimal("12.00")}


def test_the_same_facts_are_compiled_once_and_share_their_vocabulary() -> None:
    first = index_of(FACTS, ENGLISH)
    assert index_of(FACTS, ENGLISH) is first
    assert compile_facts(FACTS, ENGLISH).vocabulary is first.vocabulary


def test_an_attribute_is_about_its_telling_words() -> None:
    assert concepts("quantity_per_pack") == {"pack"} and concepts("Breite") == {"width"} == concepts("width")


def test_an_offer_that_ends_at_midnight_ends_with_the_day_before() -> None:
    end = datetime(2026, 12, 1, 0, tzinfo=ZoneInfo("Europe/London"))
    for name, day in (("offer ends", date(2026, 11, 30)), ("released", date(2026, 12, 1))):
        facts = Facts((Entity("k", (), (Fact(name, end),)),), zone="Europe/London")
        assert [one.first for one in compile_facts(facts, ENGLISH).dates] == [day]
