"""The gate for drafts, on lines that a small model really writes."""

import pytest

from tailorbird.stages.validation.draft import judge_draft
from tailorbird.types.brand import Brand
from tailorbird.types.brief import Limits, Slot
from tailorbird.types.slot_text import SlotText
from tailorbird.types.verdict import Verdict

BRAND = Brand("Wren", "home and garden", {}, (), {"*": ("act now",), "en": ("bargain",)}, {}, {})
SLOTS = (
    Slot("item.name", "name", "catalog"),
    Slot("item.short_name", "name", "catalog"),
    Slot("item.price", "money", "catalog"),
    Slot("item.material", "text", "catalog"),
    Slot("item.size", "quantity", "catalog"),
    Slot("person.first_name", "name", "profile"),
    Slot("last_item.short_name", "name", "catalog"),
)
SAMPLES = {
    "item.name": ("Ash peg", "Quillet gooseneck kettle", "Snipley secateurs"),
    "item.short_name": ("Ash peg", "Quillet kettle", "Snipley secateurs"),
    "item.price": ("£2.00", "£124.00"),
    "item.material": ("oak", "enamelled steel"),
    "item.size": ("5 cm", "1.8 litres"),
    "person.first_name": ("Jo", "Maximiliane-Sophie", "Zoë D'Arcy"),
    "last_item.short_name": ("Ash peg", "Snipley secateurs"),
}
FACTS = {"item.short_name": "Quillet kettle", "item.material": "enamelled steel", "item.price": "£62.00"}


def judge(
    text: str, strict: bool = True, locale: str = "en-GB", block: str = "subject", limit: int = 60, brand: Brand = BRAND
) -> Verdict:
    reason = "a while since the last order"
    return judge_draft(SlotText.parse(text), block, Limits(limit), SLOTS, SAMPLES, FACTS, brand, locale, reason, strict)


def kinds(verdict: Verdict) -> set[str]:
    return {finding.type for finding in verdict.findings}


@pytest.mark.parametrize(
    "text",
    [
        "Have you seen this? {{ item.name }}",
        "We picked this for you: {{ item.short_name }}",
        "{{ person.first_name }}, we thought of you: {{ item.short_name }}",
        "After your {{ last_item.short_name }}: {{ item.short_name }}",
        "One to consider, in {{ item.material }}: {{ item.short_name }}",
    ],
)
def test_a_plain_line_with_its_facts_in_slots_passes(text: str) -> None:
    assert judge(text).findings == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("A waterproof {{ item.short_name }} for you", "claim"),
        ("{{ item.short_name }} with free delivery for you", "offer"),
        ("Look at {{ item.short_name }} by Friday", "date"),
        ("Two of these: {{ item.short_name }}", "count"),
        ("We have 3 left: {{ item.short_name }}", "unknown_literal"),
        ("Now at 20% less: {{ item.short_name }}", "unknown_literal"),
        ("A charming thing: {{ item.short_name }}", "unknown_word"),
        ("A kettle for you: {{ item.short_name }}", "fact_outside_slot"),
        ("Have you met Merkle? {{ item.short_name }}", "unknown_name"),
        ("Did {{ person.first_name }} like it? {{ item.short_name }}", "not_vocative"),
        ("A look at a {{ item.short_name }}", "needs_article"),
        ("Your {{ item.short_name }} is here", "needs_number"),
        ("You can have it now {{ item.material }}", "wrong_relation"),
        ("We like it at {{ item.size }} look", "quantity_position"),
        ("{{ item.short_name }}: have you seen {{ item.name }}", "repeated_slot"),
        ("Looking, looking at {{ item.short_name }}", "repeated_stem"),
        ("See {{ item.short_name }} until then", "deadline"),
        ("A while since the last order: {{ item.short_name }}", "reason_echoed"),
        ("{{ item.short_name }} and", "unfinished"),
        ("{{ item.short_name }}, {{ item.price }}", "bare"),
        ("We like {{ item.short_name }} {{ item.price }}", "bare"),
        ("Look at this, {{ item.short_name }}!", "shouting"),
        ("Some {{ item.stock }} for you", "unknown_slot"),
        ("Look at www.example.com for {{ item.short_name }}", "address"),
        ("Facts: {{ item.short_name }} for you", "template_leak"),
        ("Look\u200b at this: {{ item.short_name }}", "invisible"),
        ("Look at this 🌱: {{ item.short_name }}", "picture"),
        ("look at this: {{ item.short_name }}", "small_opening"),
        ("{{ item.material }} for you and yours", "needs_capital"),
        ("Act now for {{ item.short_name }}", "disallowed_phrase"),
        ("Yours for {{ item.price }}: {{ last_item.short_name }}", "wrong_relation"),
        ("Here is {{ item.name }}", "needs_number"),
        ("This is {{ item.name }}", "needs_number"),
        ("Try this one: {{ item.name }}", "needs_number"),
    ],
)
def test_each_mistake_is_found_and_named(text: str, kind: str) -> None:
    verdict = judge(text)
    assert verdict.status == "block"
    assert kind in kinds(verdict)


def test_spans_point_at_the_fault_in_the_slot_form_text() -> None:
    verdict = judge("{{ item.short_name }} with a charming 3 for you")
    found = {f.type: verdict.text[f.span[0] : f.span[1]] for f in verdict.findings}
    assert found["unknown_word"] == "charming"
    assert found["unknown_literal"] == "3"


def test_length_is_judged_with_the_longest_values() -> None:
    text = "We picked this for you today and always: {{ item.name }}"
    verdict = judge(text, strict=False, limit=60)
    assert kinds(verdict) == {"too_long"}
    assert "Quillet gooseneck kettle" in verdict.findings[0].evidence
    assert judge(text, strict=False, limit=80).passed


def test_a_line_that_a_person_approved_may_use_any_word_but_not_break_a_hard_limit() -> None:
    assert judge("A charming kettle, 30-day returns: {{ item.short_name }}", strict=False).passed
    assert kinds(judge("A bargain: {{ item.short_name }}", strict=False)) == {"disallowed_phrase"}
    assert kinds(judge("Some {{ item.stock }}", strict=False)) == {"unknown_slot"}


def test_the_projects_vocabulary_widens_the_closed_one() -> None:
    brand = Brand("Wren", "", {}, (), {}, {"en-GB": frozenset({"allotment"})}, {})
    assert "unknown_word" in kinds(judge("Look again: allotment, {{ item.short_name }}"))
    assert "unknown_word" not in kinds(judge("Look again: allotment, {{ item.short_name }}", brand=brand))


def test_an_unusual_phrase_alone_is_for_a_person_to_judge() -> None:
    verdict = judge("Could be for you? {{ item.short_name }}")
    assert verdict.status == "review"
    assert next((f.type, f.evidence) for f in verdict.findings) == ("unknown_phrase", "Could be")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("It has been a while: your {{ item.short_name }}", "ownership"),
        ("Your last order: {{ item.short_name }}", "past_order"),
    ],
)
def test_nothing_is_said_of_the_reader_that_no_slot_knows(text: str, kind: str) -> None:
    assert kind in kinds(judge(text))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Dein {{ item.short_name }} für dich", "needs_gender"),
        ("Jetzt mit Rabatt: {{ item.short_name }}", "offer"),
        ("Vielleicht passt {{ item.short_name }} ist da", "needs_number"),
        ("Robust und schlicht: {{ item.short_name }}", "claim"),
        ("Bis Freitag ansehen: {{ item.short_name }}", "date"),
        ("Eine idee für dich: {{ item.short_name }}", "wrong_case"),
        ("Etwas für haus und Garten: {{ item.short_name }}", "wrong_case"),
        ("Dazu passt {{ item.short_name }}", "needs_number"),
        ("Gefällt dir {{ item.short_name }}?", "needs_number"),
        ("Das ist {{ item.short_name }}", "needs_number"),
        ("Hier ist {{ item.short_name }}", "needs_number"),
    ],
)
def test_german_lines_are_judged_by_german_rules(text: str, kind: str) -> None:
    assert kind in kinds(judge(text, locale="de-DE"))


@pytest.mark.parametrize(
    "text",
    [
        "Vielleicht etwas für dich: {{ item.short_name }}",
        "Eine Idee für dich: {{ item.short_name }}",
        "Schau dir das an: {{ item.short_name }}",
        "Sieh dir {{ item.short_name }} an",
        "Schau dir das an",
    ],
)
def test_a_german_line_passes(text: str) -> None:
    assert judge(text, locale="de-DE").findings == ()


def test_a_colon_opens_no_sentence_for_a_fact() -> None:
    assert "needs_capital" not in kinds(judge("{{ item.short_name }}: {{ item.material }}"))


def test_a_language_without_word_lists_accepts_only_the_projects_words() -> None:
    assert "unknown_word" in kinds(judge("Bonjour: {{ item.short_name }}", locale="fr-FR"))


@pytest.mark.parametrize(
    ("text", "kind"), [("The {{ item.short_name }} page", "no_verb"), ("See it, and have a look", "not_a_button")]
)
def test_a_button_is_a_short_command(text: str, kind: str) -> None:
    assert kind in kinds(judge(text, block="cta"))
    assert judge("See {{ item.short_name }}", block="cta").passed
