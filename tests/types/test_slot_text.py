import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.types.slot_text import SlotText


def test_slots_are_filled_and_their_places_told() -> None:
    parsed = SlotText.parse("The {{ item.name }}, now {{item.price}}")
    values = {"item.name": "jug", "item.price": "£5"}
    assert parsed.slots == ("item.name", "item.price")
    assert parsed.stitch(values) == "The jug, now £5"
    assert parsed.stitch_spans(values) == ("The jug, now £5", ((4, 7, "item.name"), (13, 15, "item.price")))


@pytest.mark.parametrize("text", ["{{ name }}", "{{ item.name | upcase }}", "{% if x %}", "{{ item.name", "}}"])
def test_braces_that_are_no_slot_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a slot"):
        SlotText.parse(text)


def test_a_missing_fact_is_an_error_that_names_the_slot() -> None:
    with pytest.raises(KeyError, match=r"item\.size"):
        SlotText.parse("{{ item.size }}").stitch({})


@pytest.mark.slow
@given(st.lists(st.text(st.characters(exclude_characters="{}%")), min_size=1, max_size=5))
def test_writing_a_parsed_text_and_parsing_it_again_changes_nothing(words: list[str]) -> None:
    parsed = SlotText.parse("{{ item.name }}".join(words))
    assert SlotText.parse(str(parsed)) == parsed
