import pytest

from tailorbird.stages.policies.phrases import may_match, parse_phrase, phrase_pattern
from tailorbird.stages.policies.reading import read_text


def matches(source: str, text: str, language: str = "en") -> bool:
    """Whether a phrase is in a text; what its anchors promise is held as well."""
    phrase, reading = parse_phrase(source, language), read_text(text)
    found = phrase_pattern(phrase.pattern, False).search(reading.folded) is not None
    if found:
        assert may_match(phrase, reading)
        assert phrase.anchors & reading.words or not phrase.anchors
    return found


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("hurry", "HURRY up"),
        ("act (now|today)", "Act today."),
        ("(your|) debts", "All debts are paid"),
        ("pay (your|) debts", "pay debts"),
        ("pay (your|) debts", "pay your debts"),
        ("guaranteed (returns|)", "It is guaranteed."),
        ("guaranteed (returns|)", "guaranteed returns"),
        ("only {number} left", "only 1,200 left"),
        ("seen {words} boxes", "seen in three small boxes"),
        ("seen {words} boxes", "seen boxes"),
        ("{number} % off", "20% off"),
        ("100 % safe", "100 % safe"),
        ("risk-free", "risk free"),
        ("don't miss", "Don’t miss"),
        ("(don't|never) miss", "dont miss"),
        ("(world|country)'s best", "the worlds best"),
        ("voucher", "two vouchers"),
        ("hi {name}", "Hi Jean-Luc, hello"),
        ("!!", "now!!"),
    ],
)
def test_a_phrase_matches(source: str, text: str) -> None:
    assert matches(source, text)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("free", "gluten-free oats"),
        ("free", "free-standing shelves"),
        ("free", "carefree"),
        ("act now", "act. Now it rains"),
        ("hi {name}", "hi there"),
        ("seen {words} boxes", "seen in three small green old boxes"),
        ("pay (your|) debts", "pay my debts"),
    ],
)
def test_a_phrase_does_not_match(source: str, text: str) -> None:
    assert not matches(source, text)


def test_german_words_match_in_their_forms_and_at_the_end_of_compounds() -> None:
    assert matches("billiges Angebot", "billiges Angebots", "de")
    assert matches("nachhaltig", "nachhaltige Körbe", "de")
    assert matches("Rabatt", "Mega-Rabatt", "de")
    assert not matches("nachhaltig", "unnachhaltig", "de")


@pytest.mark.parametrize(
    ("source", "told"),
    [("act (now", "brackets"), ("a ((b) c)", "brackets"), ("{thing} left", "no part of a phrase"),
     ("{number}", "no word"), ("(your|)", "no word")],
)  # fmt: skip
def test_a_phrase_that_is_none_says_what_is_wrong(source: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        parse_phrase(source, "en")


def test_an_anchor_is_the_word_that_few_texts_have() -> None:
    assert parse_phrase("the best (pot|kettle) of all", "en").anchors == {"pot", "kettle"}


def test_a_text_that_lacks_a_word_or_sign_of_a_phrase_is_not_searched() -> None:
    phrase = parse_phrase("(act|buy) (now|today) at {number} %", "en")
    assert may_match(phrase, read_text("Buy today at 5 %"))
    assert not may_match(phrase, read_text("Buy at 5 %"))
    assert not may_match(phrase, read_text("Buy today at 5"))
