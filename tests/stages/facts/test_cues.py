"""Which words belong to which number."""

from tailorbird.stages.facts.cues import cues_of
from tailorbird.stages.facts.languages import language_of
from tailorbird.stages.facts.quantities import find_quantities
from tailorbird.stages.facts.tokens import tokenise


def test_a_word_belongs_to_the_number_that_is_closest_within_its_clause() -> None:
    language = language_of("en")
    assert language is not None
    tokens = tokenise("It is 22 cm wide, weighs 1.1 kg and has a cable length of 1.8 m. Tall.")
    found = find_quantities(tokens, language, [False] * len(tokens))
    width, weight, cable = cues_of(tokens, found, language)
    assert width == {"width"} and weight == {"weight"} and cable == {"cable", "length"}
