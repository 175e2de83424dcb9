"""Guessed tags."""

import pytest

from tailorbird.stages.generation.tags import guess_tags
from tailorbird.types.slot_text import SlotText


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("Have you seen {{ item.name }}?", {"tone": "warm", "format": "question", "mentions": "item"}),
        ("{{ item.name }}, {{ item.price }}", {"tone": "plain", "format": "list", "mentions": "price"}),
        ("Made in {{ item.origin }}: {{ item.name }}", {"tone": "plain", "format": "statement", "mentions": "origin"}),
        ("After a while", {"tone": "plain", "format": "statement", "mentions": "none"}),
    ],
)
def test_tags_follow_the_lines_shape(text: str, tags: dict[str, str]) -> None:
    assert guess_tags(SlotText.parse(text)) == tags
