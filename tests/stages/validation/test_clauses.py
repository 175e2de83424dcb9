"""Where a text can be cut so that what is left is still a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.validation.clauses import cuts
from tailorbird.types.slot_text import SlotText


def without(text: str, word: str) -> list[str]:
    start = text.index(word)
    return list(cuts(text, (start, start + len(word))))


@pytest.mark.parametrize(
    ("text", "word", "left"),
    [
        ("The {{ item.name }} is back, soft and warm, for you.", "soft", "The {{ item.name }} is back, for you."),
        ("The {{ item.name }} is back and soft.", "soft", "The {{ item.name }} is back."),
        ("Soft as snow, the {{ item.name }} is back.", "Soft", "The {{ item.name }} is back."),
        ("We have it. It is soft. See {{ item.name }}.", "soft", "We have it. See {{ item.name }}."),
        ("We have it. It is soft.", "soft", "We have it."),
        ("It is soft. We have it.", "soft", "We have it."),
        ("{{ item.name }} (soft) is here", "soft", "{{ item.name }} is here"),
        ("Seen it? Soft, too", "too", "Seen it? Soft"),
        ("Schau mal, ganz weich, {{ item.name }}", "weich", "Schau mal, {{ item.name }}"),
        ("Da ist {{ item.name }} und weich.", "weich", "Da ist {{ item.name }}."),
    ],
)
def test_the_smallest_part_goes_first_and_the_rest_keeps_mark_and_capital(text: str, word: str, left: str) -> None:
    assert without(text, word)[0] == left


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("A soft thing", "soft"),
        ("Not soft, but warm", "soft"),
        ("If it is dry, it is soft", "soft"),
        ("Here are oak and soft things", "soft"),
        ("It costs 24.00 here", "24.00"),
        ("Wenn es regnet, ist es weich", "weich"),
    ],
)
def test_what_would_leave_half_a_sentence_is_not_cut(text: str, word: str) -> None:
    assert without(text, word) == []


def test_a_larger_part_is_offered_after_a_smaller_one() -> None:
    text = "Look again. It is here, and soft. Goodbye."
    assert without(text, "soft") == ["Look again. It is here. Goodbye.", "Look again. Goodbye."]


WORDS = st.sampled_from(
    ["oak", "and", "if", "soft", "{{ item.name }}", "24.00", "it", ", it", "; we", ". We", "?", "(so)", "–", "not", "ä"]
)


@pytest.mark.slow
@given(st.lists(WORDS, min_size=1, max_size=12).map(" ".join), st.data())
def test_a_cut_only_takes_away_and_never_cuts_through_a_slot(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    for left in cuts(text, (start, end)):
        assert len(left) < len(text) or left.strip() != text.strip()
        assert any(character.isalnum() for character in left)
        assert set(SlotText.parse(left).slots) <= {"item.name"}
        assert left == left.strip()
