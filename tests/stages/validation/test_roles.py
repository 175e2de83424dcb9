"""What was bought, what is shown, and which of the two a fact is about."""

import pytest

from tailorbird.stages.validation.ground import Ground
from tailorbird.stages.validation.lexicon import lexicon_for
from tailorbird.stages.validation.reading import read_draft
from tailorbird.stages.validation.roles import check_roles
from tailorbird.types.brand import Brand
from tailorbird.types.brief import Limits
from tailorbird.types.slot_text import SlotText

LAST, ITEM = "{{ last_item.short_name }}", "{{ item.short_name }}"
PRICE, MATERIAL, ORIGIN = "{{ item.price }}", "{{ item.material }}", "{{ item.origin }}"


def found(text: str, locale: str) -> list[str]:
    brand = Brand("W", "", {}, (), {}, {}, {})
    ground = Ground("subject", Limits(90), {}, {}, {}, brand, locale, "", lexicon_for(locale))
    return [finding.type for finding in check_roles(read_draft(SlotText.parse(text)), ground)]


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        (f"Yours for {PRICE}: {LAST}", "en-GB"),
        (f"From {ORIGIN}, yours for {PRICE}: {LAST}", "en-GB"),
        (f"Made of {MATERIAL}: {LAST}", "en-GB"),
        (f"{LAST}: {PRICE}", "en-GB"),
        (f"Just for you: {LAST}. And now: {ITEM}", "en-GB"),
        (f"After {LAST}, for {PRICE}: {ITEM}", "en-GB"),
        (f"This time {LAST}. Last time {ITEM}.", "en-GB"),
        (f"You chose {ITEM} after {LAST}", "en-GB"),
        (f"Zu haben für {PRICE}: {LAST}", "de-DE"),
        (f"Bei uns im Regal für {PRICE}: {LAST}", "de-DE"),
        (f"Zuletzt: {ITEM}. Jetzt: {LAST}.", "de-DE"),
        (f"Nach {ITEM}: {LAST}", "de-DE"),
    ],
)
def test_neither_a_fact_nor_a_past_is_given_to_the_wrong_item(text: str, locale: str) -> None:
    assert set(found(text, locale)) & {"wrong_relation", "past_order"}


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        (f"After your {LAST}: {ITEM}, {PRICE}", "en-GB"),
        (f"To go with your {LAST}: {ITEM}", "en-GB"),
        (f"Last time you chose {LAST}. This time, {ITEM} in {MATERIAL}.", "en-GB"),
        (f"From {ORIGIN}: {ITEM}, after your {LAST}", "en-GB"),
        (f"Last order: {LAST}. {ITEM}", "en-GB"),
        (f"Zuletzt: {LAST}. Jetzt: {ITEM}.", "de-DE"),
        (f"Deine letzte Wahl: {LAST}. Unser Vorschlag dazu: {ITEM}.", "de-DE"),
        (f"Nach {LAST}: {ITEM}, {PRICE}", "de-DE"),
        (f"Yours for {PRICE}: {ITEM}", "en-GB"),
    ],
)
def test_what_keeps_them_apart_passes(text: str, locale: str) -> None:
    assert found(text, locale) == []
