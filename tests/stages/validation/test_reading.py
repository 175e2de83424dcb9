"""How a draft is laid out for the checks."""

from tailorbird.stages.validation.reading import MASK, read_draft
from tailorbird.types.slot_text import SlotText


def test_offsets_are_those_of_the_slot_form_text() -> None:
    reading = read_draft(SlotText.parse("Look: {{ item.name }} isn’t here"))
    assert len(reading.text) == len(reading.masked)
    assert [reading.text[w.start : w.end] for w in reading.words] == ["Look", "isn’t", "here"]
    place = reading.slots[0]
    assert reading.text[place.start : place.end] == "{{ item.name }}"
    assert set(reading.masked[place.start : place.end]) == {MASK}
    assert reading.words[1].plain == "isn't"


def test_neighbours_of_a_slot_are_words_only_where_no_mark_stands_between() -> None:
    reading = read_draft(SlotText.parse("Your {{ item.name }}, here"))
    place = reading.slots[0]
    assert reading.previous_word(place.start) == "your"
    assert reading.next_word(place.end) == ""


def test_a_sentence_opens_at_the_start_and_after_a_full_stop() -> None:
    reading = read_draft(SlotText.parse("One. Two three"))
    assert [reading.opens_sentence(word.start) for word in reading.words] == [True, True, False]
