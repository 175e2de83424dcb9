"""Word lists by language, and concepts across languages."""

from tailorbird.stages.facts.language import concept_of, stem


def test_english_and_german_words_of_one_thing_are_one_concept() -> None:
    assert {concept_of(word) for word in ("wide", "width", "breit", "breite")} == {"width"}
    assert concept_of("ports") == concept_of("port") and stem("batteries") == "battery"
