"""From a line about one item to slot form."""

import pytest

from tailorbird.stages.generation.slotify import slotify

LITERALS = {
    "item.name": "Quillet gooseneck kettle",
    "item.short_name": "Quillet kettle",
    "item.price": "£62.00",
    "item.size": "19 cm",
    "person.first_name": "Ines",
}


def test_literals_become_slots_longest_first() -> None:
    result = slotify("Ines, the Quillet gooseneck kettle is £62.00, 19 cm", LITERALS)
    assert str(result.text) == "{{ person.first_name }}, the {{ item.name }} is {{ item.price }}, {{ item.size }}"
    assert result.findings == ()


def test_slot_form_stitches_back_to_what_was_written() -> None:
    text = "Ines, the Quillet kettle: 19 cm, £62.00"
    assert slotify(text, LITERALS).text.stitch(LITERALS) == text


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Quillet kettle, now £9.00", "invented_literal"),
        ("Quillet kettle, 20% off", "invented_literal"),
        ("Quillet kettle at £62.000", "invented_literal"),
        ("Three cups with Quillet kettle", "invented_count"),
        ("Quillet kettle by Friday", "invented_count"),
        ("Ab Montag: Quillet kettle", "invented_count"),
        ("The QUILLET kettle", "wrong_case"),
        ("The Pottle can is here", "example_literal"),
        ("A {{ item.name }} for you", "braces"),
    ],
)
def test_what_matches_no_fact_is_an_invention(text: str, kind: str) -> None:
    result = slotify(text, LITERALS, foreign={"Pottle can", "19 cm"})
    assert kind in {finding.type for finding in result.findings}


def test_spans_point_at_the_invention_in_slot_form() -> None:
    result = slotify("Quillet kettle, now £9.00", LITERALS)
    start, end = result.findings[0].span
    assert str(result.text)[start:end] == "£9.00"


def test_a_literal_inside_another_word_stays() -> None:
    assert str(slotify("Inessa likes it", LITERALS).text) == "Inessa likes it"


def test_a_value_that_two_facts_share_is_nobodys() -> None:
    facts = {"item.name": "Glimmet candle", "item.colour": "honey", "item.scent": "honey"}
    result = slotify("Glimmet candle in honey", facts)
    (found,) = result.findings
    assert (found.type, found.evidence) == ("ambiguous_literal", "honey")
    assert "{{ item." in str(result.text)[found.span[0] : found.span[1]]
    assert slotify("A look at Glimmet candle", facts).findings == ()


@pytest.mark.parametrize("sign", ["+", "–", "-", "−"])
def test_a_sign_makes_another_figure_of_a_price(sign: str) -> None:
    assert "invented_literal" in {f.type for f in slotify(f"Quillet kettle {sign}£62.00", LITERALS).findings}


def test_no_break_spaces_are_spaces() -> None:
    assert str(slotify("Look: 19\u00a0cm", LITERALS).text) == "Look: {{ item.size }}"
    assert str(slotify("Für 62,00 €", {"item.price": "62,00\u202f€"}).text) == "Für {{ item.price }}"


def test_where_the_two_names_share_a_value_the_first_one_wins() -> None:
    assert (
        str(slotify("Look: Peg", {"item.short_name": "Peg", "item.name": "Peg"}).text) == "Look: {{ item.short_name }}"
    )
