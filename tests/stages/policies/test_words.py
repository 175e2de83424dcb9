import pytest

from tailorbird.types.fact import Entity, Facts
from tailorbird.types.policy_pack import PolicyRule
from tests.stages.policies.packs import find

HURRY = PolicyRule("hurry", "presses", phrases={"en": ("hurry", "hurry up")}, mend="take it out")


def test_overlapping_places_of_one_rule_are_one_finding_with_pack_version_and_rule() -> None:
    (found,) = find("Please hurry up!", HURRY)
    assert (found.span, found.evidence, found.type) == ((7, 15), "hurry up", "house/hurry")
    assert found.reason == "presses; take it out"
    assert found.source == "house 3, hurry: the house (checked, 2026-11-01)"


def test_spans_are_those_of_the_text_as_it_was_typed() -> None:
    text = "It’s “now”: hu\u200brry"
    (found,) = find(text, HURRY)
    assert text[slice(*found.span)] == "hu\u200brry"


@pytest.mark.parametrize(
    ("denied", "quoted", "text", "severities"),
    [
        ("pass", "review", "No hurry", []),
        ("review", "review", "No hurry", ["warning"]),
        ("same", "review", "No hurry", ["error"]),
        ("pass", "pass", 'The word "hurry"', []),
        ("pass", "review", 'The word "hurry"', ["warning"]),
        ("pass", "same", 'The word "hurry"', ["error"]),
    ],
)
def test_a_rule_says_what_becomes_of_denied_and_quoted_words(
    denied: str, quoted: str, text: str, severities: list[str]
) -> None:
    rule = PolicyRule("hurry", "presses", phrases={"en": "hurry"}, denied=denied, quoted=quoted)  # type: ignore[arg-type]
    assert [found.severity for found in find(text, rule)] == severities


def test_a_warning_that_is_denied_is_nothing() -> None:
    rule = PolicyRule("hurry", "presses", "warning", phrases={"en": "hurry"}, denied="review")
    assert find("No hurry", rule) == []


def test_the_name_of_the_thing_trips_nothing() -> None:
    facts = Facts(subjects=(Entity("p", ("Hurry Rose",)),))
    assert find("The Hurry Rose is here", HURRY, facts=facts) == []
    assert len(find("The Hurry Rose is here, hurry", HURRY, facts=facts)) == 1


def test_unless_excuses_what_it_covers() -> None:
    rule = PolicyRule("free", "is it", phrases={"en": "free"}, unless={"en": "sugar free"})
    assert find("sugar free tea", rule) == []
    assert len(find("sugar free tea, free cups", rule)) == 1


def test_evidence_turns_an_error_into_a_note_that_names_it() -> None:
    rule = PolicyRule("health", "is a health claim", phrases={"en": "boosts immunity"}, evidence=("health",))
    (found,) = find("It boosts immunity", rule)
    assert found.severity == "error"
    (found,) = find("It boosts immunity", rule, facts=Facts(evidence={"health/c": "folder 3"}))
    assert (found.severity, found.reason) == ("info", "allowed by health/c")


def test_what_needs_evidence_is_stopped_where_nobody_reads_it() -> None:
    rule = PolicyRule("best", "superlative", "warning", phrases={"en": "world's best"}, evidence=("superlative",))
    assert find("The world's best mug", rule)[0].severity == "warning"
    assert find("The world's best mug", rule, attended=False)[0].severity == "error"
    plain = PolicyRule("best", "superlative", "warning", phrases={"en": "world's best"})
    assert find("The world's best mug", plain, attended=False)[0].severity == "warning"


def test_a_catastrophic_expression_asks_a_person_and_names_the_rule() -> None:
    rule = PolicyRule("slow", "is slow", patterns={"*": ("(a|aa)+$",)})
    (found,) = find("a" * 60 + "!", rule)
    assert (found.severity, found.type) == ("warning", "timed_out")
    assert "house/slow" in found.reason and "(a|aa)+$" in found.reason


@pytest.mark.slow
def test_many_slow_expressions_are_given_up_together() -> None:
    slow = tuple(f"({letter}|a|aa)+$" for letter in "bcdefghijklmnop")
    found = find("a" * 60 + "!", PolicyRule("slow", "is slow", patterns={"*": slow}))
    assert len(found) == len(slow)
    assert {one.type for one in found} == {"timed_out"}


def test_an_expression_with_hints_is_tried_only_where_one_is_in_the_text() -> None:
    rule = PolicyRule("tag", "is a tag", patterns={"*": (r"\[\w+\]", "plain")}, hints=("[",))
    assert find("plain", rule) == []
    assert [one.evidence for one in find("[x] plain", rule)] == ["[x]", "plain"]


def test_a_text_of_one_word_many_times_is_answered_shortly() -> None:
    assert len(find("hurry. " * 5_000, HURRY)) <= 40


def test_capitals_count_where_a_rule_says_so() -> None:
    rule = PolicyRule("shout", "shouts", patterns={"*": (r"\b[A-Z]{4,}\b",)}, cased=True)
    assert find("new", rule) == []
    assert len(find("a NEWS b", rule)) == 1
