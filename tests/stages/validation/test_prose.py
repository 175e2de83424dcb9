"""The closed vocabulary of plain prose."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.validation.prose import ProseCheck, words_of
from tailorbird.types.candidate import Candidate
from tailorbird.types.fact import Entity, Fact, Facts
from tailorbird.types.policy import Policy

NOW = datetime(2026, 6, 1, tzinfo=UTC)
FACTS = Facts(
    (
        Entity(
            "k",
            ("Quillet gooseneck kettle",),
            (
                Fact("material", "enamelled steel"),
                Fact("farbe", "moosgrün"),
                Fact("scent", "lavender", until=NOW),
                Fact("care", "wipe dry", until=NOW + timedelta(days=1)),
            ),
            "kettles",
        ),
        Entity("brand", ("Wren & Söhne",)),
    ),
    (Entity("o", ("Oddley pot",)),),
    {"material": {"enamelled steel": ("enamel",)}},
    as_of=NOW,
)


def found(text: str, locale: str = "en-GB", attended: bool = False) -> list[tuple[str, str, str]]:
    candidate = Candidate(text, FACTS, Policy(attended=attended), locale)
    return [
        (one.severity, one.type, text[slice(*one.span)])
        for one in ProseCheck().check(candidate)
        if one.evidence == text[slice(*one.span)]
    ]


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("Have you seen the Quillet gooseneck kettle? It is made of enamelled steel.", "en-GB"),
        ("We picked these kettles for you, in enamel.", "en-GB"),
        ("It’s Wren's own: wipe it dry.", "en-GB"),
        ("Der Quillet, in moosgrüner Farbe", "de-DE"),
        ("Für dich ausgesucht: ein moosgrünes Stück von Wren & Söhne", "de-DE"),
        ("Now £62.00, 1.8 l, until 7/6 at wren.example", "en-GB"),
    ],
)
def test_plain_words_and_the_words_of_facts_pass_in_their_forms(text: str, locale: str) -> None:
    assert found(text, locale) == []


@pytest.mark.parametrize("word", ["velvety", "artisanal", "Oddley", "lavender", "mouth-watering", "bio"])
def test_any_other_word_is_an_error_where_nobody_reads_the_text(word: str) -> None:
    assert found(f"See this {word} kettle") == [("error", "unknown_word", word)]


def test_where_a_person_reads_it_only_words_that_claim_something_are_shown() -> None:
    assert found("A velvety, gentle, cosy kettle", attended=True) == [
        ("warning", "claim", "gentle"),
        ("warning", "claim", "cosy"),
    ]
    assert found("Ein sanfter, robust gebauter Kessel", "de-DE", attended=True) == [("warning", "claim", "robust")]


def test_a_claim_that_a_fact_has_is_none() -> None:
    facts = Facts((Entity("s", ("Soap",), (Fact("skin", "gentle"),)),))
    assert list(ProseCheck().check(Candidate("A gentle soap", facts, Policy(), "en-GB"))) == []


def test_letters_in_disguise_are_read_as_they_look() -> None:
    assert found("See this ｖelvety kettle") == [("error", "unknown_word", "ｖelvety")]


def test_words_are_kept_for_the_same_facts_and_not_mixed_up_with_others() -> None:
    assert words_of(FACTS) is words_of(FACTS)
    assert "lavender" not in words_of(FACTS) and "dry" in words_of(FACTS)
    for n in range(600):
        assert f"name{chr(97 + n % 26)}" in words_of(Facts((Entity("x", (f"name{chr(97 + n % 26)}",)),)))


@given(st.text(max_size=80), st.booleans())
def test_spans_are_words_of_the_text_whatever_it_holds(text: str, attended: bool) -> None:
    for one in ProseCheck().check(Candidate(text, FACTS, Policy(attended=attended), "en-GB")):
        start, end = one.span
        assert 0 <= start < end <= len(text)
        assert one.severity == ("warning" if attended else "error")
