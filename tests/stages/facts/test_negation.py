"""How far a negation reaches."""

import pytest

from tailorbird.stages.facts.languages import language_of
from tailorbird.stages.facts.negation import denied_tokens
from tailorbird.stages.facts.tokens import tokenise


@pytest.mark.parametrize(
    ("text", "code", "denied"),
    [
        ("It is not black, and it is light", "en", "black"),
        ("without a card reader but with a touchscreen", "en", "a card reader"),
        ("no fan and has a cable", "en", "fan"),
        ("neither red nor black", "en", "red nor black"),
        ("not only black", "en", ""),
        ("sugar-free tea", "en", "sugar"),
        ("a non-toxic glaze, light", "en", "- toxic glaze"),
        ("nicht spülmaschinenfest, aber leicht", "de", "spülmaschinenfest"),
        ("ohne Deckel und mit Griff", "de", "Deckel"),
        ("nicht nur rot", "de", ""),
    ],
)
def test_a_negation_reaches_to_the_end_of_its_clause(text: str, code: str, denied: str) -> None:
    language = language_of(code)
    assert language is not None
    tokens = tokenise(text)
    covered = denied_tokens(tokens, language)
    assert " ".join(token.text for token, is_denied in zip(tokens, covered, strict=True) if is_denied) == denied
