"""Grounding, where the whole gate's tests leave gaps."""

from tailorbird.stages.validation.ground import Ground
from tailorbird.stages.validation.grounding import check_first_name, check_nouns, check_required, check_vocabulary
from tailorbird.stages.validation.lexicon import lexicon_for
from tailorbird.stages.validation.reading import read_draft
from tailorbird.types.brand import Brand
from tailorbird.types.brief import Limits, Slot
from tailorbird.types.slot_text import SlotText


def ground() -> Ground:
    slots = {"item.name": Slot("item.name", "name", "catalog", required=True)}
    brand = Brand("Wren", "", {}, (), {}, {"en-GB": frozenset({"kettle"})}, {})
    facts = {"item.name": "Hobbin kettle", "item.material": "enamelled steel"}
    return Ground("subject", Limits(60), slots, {}, facts, brand, "en-GB", "", lexicon_for("en"))


def test_a_required_slot_that_is_missing_is_named() -> None:
    (finding,) = check_required(read_draft(SlotText.parse("Have a look")), ground())
    assert (finding.type, finding.evidence) == ("missing_slot", "item.name")


def test_a_word_of_this_items_facts_is_not_true_of_other_items() -> None:
    findings = list(check_vocabulary(read_draft(SlotText.parse("In steel for you")), ground()))
    assert [(f.type, f.evidence) for f in findings] == [("fact_outside_slot", "steel")]


def test_hyphenated_and_possessive_plain_words_are_known() -> None:
    assert list(check_vocabulary(read_draft(SlotText.parse("Everyone's look-see")), ground())) == []


def test_a_first_name_greets_opens_or_closes() -> None:
    name = "{{ person.first_name }}"
    for good in (f"{name}, look", f"Hello {name}, look", f"Look at this, {name}", f"Look at this, {name}?"):
        assert list(check_first_name(read_draft(SlotText.parse(good)), ground())) == []
    for bad in (f"{name} has a look", f"We told {name} this", f"Look, {name} likes it"):
        assert list(check_first_name(read_draft(SlotText.parse(bad)), ground()))


def test_a_german_noun_keeps_the_capital_that_the_vocabulary_gives_it() -> None:
    brand = Brand("W", "", {}, (), {}, {"de-DE": frozenset({"Garten", "jäten"})}, {})
    german = Ground("subject", Limits(60), {}, {}, {}, brand, "de-DE", "", lexicon_for("de"))
    findings = check_nouns(read_draft(SlotText.parse("Ein blick in den garten, jäten und schauen")), german)
    assert [(f.type, f.evidence) for f in findings] == [("wrong_case", "blick"), ("wrong_case", "garten")]
    assert list(check_nouns(read_draft(SlotText.parse("Ein Blick in den Garten, mal sehen")), german)) == []
