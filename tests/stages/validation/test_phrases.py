"""The closed phrase book."""

import re

import pytest

from tailorbird.stages.validation.ground import Ground
from tailorbird.stages.validation.grounding import check_nouns, check_vocabulary
from tailorbird.stages.validation.lexicon import lexicon_for
from tailorbird.stages.validation.phrases import built_in_phrases, check_phrases, pairs_of, slot_class
from tailorbird.stages.validation.policy import check_claims
from tailorbird.stages.validation.reading import read_draft
from tailorbird.types.brand import ApprovedLine, Brand
from tailorbird.types.brief import Limits
from tailorbird.types.slot_text import SlotText


def unknown(text: str, *approved: ApprovedLine, locale: str = "en-GB") -> list[str]:
    brand = Brand("W", "", {}, approved, {}, {}, {})
    ground = Ground("subject", Limits(90), {}, {}, {}, brand, locale, "", lexicon_for(locale), "win_back")
    return [finding.evidence for finding in check_phrases(read_draft(SlotText.parse(text)), ground)]


def test_pairs_end_at_marks_and_slots_have_classes() -> None:
    inner = {("have", "a"), ("a", "look"), ("<item>", "too")}
    ends = {("^", "have"), ("look", "$"), ("^", "<item>"), ("too", "$")}
    assert pairs_of(["Have a look: <item> too"]) == inner | ends
    assert slot_class("item.short_name") == slot_class("item.name") == "<item>"
    assert slot_class("item.material") == "<material>"


def test_known_neighbours_may_be_put_together_in_new_ways() -> None:
    assert unknown("We picked {{ item.name }} for you") == []
    assert unknown("We picked look {{ item.name }}")[:2] == ["picked look", "look {{ item.name }}"]


def test_approved_lines_that_suit_any_item_widen_the_book() -> None:
    line = ApprovedLine("a", "subject", "en-GB", "The birds have noticed: {{ item.name }}")
    assert unknown("The birds have noticed {{ item.name }}", line) == ["noticed {{ item.name }}"]
    assert unknown("The birds have noticed: {{ item.name }}", line) == []
    bound = ApprovedLine("a", "subject", "en-GB", "The birds have noticed", families=("bird_food",))
    assert "The birds" in unknown("The birds have noticed", bound)


def test_without_a_book_for_the_language_only_approved_lines_count() -> None:
    line = ApprovedLine("a", "subject", "fr-FR", "Encore une idée : {{ item.name }}")
    assert unknown("Encore une idée", line, locale="fr-FR") == []
    assert unknown("Une autre idée", line, locale="fr-FR") == ["Une", "Une autre", "autre idée"]


def test_approved_lines_of_another_campaign_do_not_count() -> None:
    line = ApprovedLine("a", "subject", "en-GB", "Nearly out? {{ item.name }}", campaigns=("replenish",))
    assert unknown("Nearly out? {{ item.name }}", line)
    own = ApprovedLine("a", "subject", "en-GB", "Nearly out? {{ item.name }}", campaigns=("replenish", "win_back"))
    assert unknown("Nearly out? {{ item.name }}", own) == []


@pytest.mark.parametrize(
    "text",
    [
        "Made of {{ item.origin }}",
        "Made in {{ item.colour }}",
        "Made in {{ item.material }}",
        "Idea from {{ item.material }}",
        "{{ last_item.short_name }} from {{ item.colour }}",
        "Were nearly there",
        "Details are on our shop",
        "We thought of",
    ],
)
def test_a_fact_fits_only_its_own_phrases_and_a_phrase_only_its_own_ends(text: str) -> None:
    assert unknown(text)


@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
def test_every_phrase_of_the_book_can_be_written(locale: str) -> None:
    brand = Brand("W", "", {}, (), {}, {}, {})
    ground = Ground("subject", Limits(90), {}, {}, {}, brand, locale, "", lexicon_for(locale))
    unwritable = {}
    for phrase in built_in_phrases(locale[:2]):
        text = "".join("{{ item.name }}" if part.startswith("<") else part for part in re.split(r"(<[a-z]+>)", phrase))
        reading = read_draft(SlotText.parse(text))
        found = [*check_vocabulary(reading, ground), *check_nouns(reading, ground), *check_claims(reading, ground)]
        if found:
            unwritable[phrase] = [finding.evidence for finding in found]
    assert unwritable == {}
