"""The German word lists hold together."""

from tailorbird.stages.facts.german import GERMAN


def test_words_are_folded_as_tokens_are() -> None:
    words = [*GERMAN.denials, *GERMAN.months, *(word for phrase in GERMAN.bounds for word in phrase)]
    assert [word for word in words if word != word.casefold()] == []
    assert GERMAN.months["märz"] == 3 and GERMAN.bounds[("bis", "zu")] == "up_to"
