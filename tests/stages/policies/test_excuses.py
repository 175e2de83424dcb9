from datetime import UTC, datetime

import pytest

from tailorbird.stages.policies.excuses import find_evidence, is_denied, is_named, is_quoted
from tailorbird.types.fact import Entity, Fact, Facts
from tailorbird.types.policy_pack import PolicyRule


def spot(text: str, words: str) -> tuple[str, int, int]:
    start = text.index(words)
    return text, start, start + len(words)


@pytest.mark.parametrize(
    ("text", "words", "language"),
    [
        ("There is no hurry.", "hurry", "en"),
        ("No need to hurry", "hurry", "en"),
        ("You don't need to act now", "act now", "en"),
        ("This is not a miracle cure", "miracle cure", "en"),
        ("without any rush", "rush", "en"),
        ("Es gibt keinen Grund zur Eile", "Eile", "de"),
        ("Beeilen Sie sich nicht", "Beeilen Sie sich", "de"),
        ("nicht klimaneutral", "klimaneutral", "de"),
        ("Kein Wundermittel", "Wundermittel", "de"),
    ],
)
def test_a_denial_right_before_the_words_is_heard(text: str, words: str, language: str) -> None:
    assert is_denied(*spot(text, words), language)


@pytest.mark.parametrize(
    ("text", "words", "language"),
    [
        ("Why not act now", "act now", "en"),
        ("Don't wait, act now", "act now", "en"),
        ("Do not wait act now", "act now", "en"),
        ("Not only the cheapest", "cheapest", "en"),
        ("No more waiting: hurry", "hurry", "en"),
        ("Warum nicht jetzt zugreifen", "jetzt zugreifen", "de"),
        ("Nicht nur klimaneutral", "klimaneutral", "de"),
        ("nur noch heute", "heute", "de"),
        ("This is not it", "it", "fr"),
    ],
)
def test_what_denies_something_else_denies_nothing(text: str, words: str, language: str) -> None:
    assert not is_denied(*spot(text, words), language)


def test_quotation_marks_count_around_exactly_the_words() -> None:
    assert is_quoted(*spot('The word "hurry" is new', "hurry"))
    assert is_quoted(*spot('They said "hurry!" twice', "hurry"))
    assert not is_quoted(*spot('She wrote "hurry to the shop"', "hurry"))
    assert not is_quoted(*spot("hurry", "hurry"))


def test_a_name_excuses_its_own_words_as_it_is_written() -> None:
    facts = Facts(subjects=(Entity("p1", ("Last Chance Rose", "Hurry")),), others=(Entity("p2", ("Best Buy’s Own",)),))
    assert is_named(*spot("The Last Chance Rose is back", "Last Chance"), facts)
    assert is_named(*spot("Our Best Buy's Own range", "Best Buy"), facts)
    assert not is_named(*spot("Your last chance", "last chance"), facts)
    assert not is_named(*spot("please hurry", "hurry"), facts)


def test_evidence_counts_by_its_id_or_what_stands_before_the_slash() -> None:
    rule = PolicyRule("r", "why", evidence=("health", "lab/2"), facts=("stock",))
    assert find_evidence(rule, Facts(evidence={"health/vitamin-c": "folder"})) == "health/vitamin-c"
    assert find_evidence(rule, Facts(evidence={"lab/2": "folder"})) == "lab/2"
    assert find_evidence(rule, Facts(evidence={"healthy/x": "folder", "lab/21": "folder"})) == ""


def test_a_fact_counts_as_long_as_it_holds() -> None:
    rule = PolicyRule("r", "why", facts=("offer_end",))
    until = datetime(2026, 5, 1, tzinfo=UTC)
    fact = Fact("offer_end", "1 May", until=until)
    subject = (Entity("p", ("Pot",), (fact,)),)
    assert find_evidence(rule, Facts(subject, as_of=datetime(2026, 4, 30, tzinfo=UTC))) == "offer_end"
    assert find_evidence(rule, Facts(subject, as_of=until)) == ""
    assert find_evidence(rule, Facts(others=subject)) == ""


def test_a_fact_is_known_by_its_name_however_it_is_spelt() -> None:
    rule = PolicyRule("r", "why", facts=("offer_end",))
    assert find_evidence(rule, Facts((Entity("p", ("Pot",), (Fact("Offer end", "1 May"),)),))) == "Offer end"
