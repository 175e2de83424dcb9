"""A text laid out for the fact check."""

from tailorbird.stages.facts.index import Value, compile_facts
from tailorbird.stages.facts.languages import language_of
from tailorbird.stages.facts.reading import Reading, shown_values

from .kettle import FACTS


def test_findings_stand_at_the_characters_of_their_tokens() -> None:
    language = language_of("en")
    assert language is not None
    reading = Reading("It is not  black.", language, compile_facts(FACTS, language), True)
    reading.found(2, 4, "kind", "reason")
    reading.take(0, 2)
    assert reading.findings[0].span == (6, 16) and reading.taken == [True, True, False, False, False]
    assert reading.is_denied(3, 4) and not reading.is_denied(2, 4)
    assert reading.opens(reading.tokens[0]) and not reading.opens(reading.tokens[1])
    assert shown_values("colour", [Value("colour", "red"), Value("colour", "red")]) == "colour: red"
