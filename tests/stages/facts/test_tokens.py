"""Texts as tokens, and phrases found in them."""

from tailorbird.stages.facts.tokens import Phrases, phrase_of, tokenise


def test_tokens_know_their_place_kind_and_sentence() -> None:
    tokens = tokenise("HP dv7: 33.6 mm. It's 4GB?\nYes")
    assert [(token.text, token.kind, token.sentence) for token in tokens] == [
        ("HP", "word", 0), ("dv7", "code", 0), (":", "mark", 0), ("33.6", "number", 0), ("mm", "word", 0),
        (".", "mark", 0), ("It's", "word", 1), ("4GB", "code", 1), ("?", "mark", 1), ("Yes", "word", 3),
    ]  # fmt: skip
    assert all("HP dv7: 33.6 mm. It's 4GB?\nYes"[token.start : token.end] == token.text for token in tokens)


def test_a_phrase_is_found_at_its_longest_and_across_joining_marks_but_not_across_commas() -> None:
    phrases: Phrases[str] = Phrases()
    phrases.add(phrase_of("Wi-Fi"), "short")
    phrases.add(phrase_of("Wi-Fi router"), "long")
    phrases.add((), "nothing")
    tokens = tokenise("a wi fi router, Wi, Fi and WI-FI")
    assert [(first, last, meanings) for first, last, meanings in phrases.find(tokens)] == [
        (1, 4, ["long"]), (9, 12, ["short"]),
    ]  # fmt: skip
    assert ("wi", "fi") in phrases and () not in phrases and phrases.meanings(("wi", "fi")) == ["short"]


def test_places_that_are_taken_are_passed_over() -> None:
    phrases: Phrases[str] = Phrases()
    phrases.add(("red",), "colour")
    assert phrases.find(tokenise("red red"), [True, False]) == [(1, 2, ["colour"])]
