"""Profanity is found in its disguises; innocent words that hold or resemble it are left in peace."""

import pytest

from tailorbird.stages.safety.profanity import find_profanity, may_offend
from tailorbird.types.folded import fold


def found(text: str) -> list[tuple[str, bool]]:
    plain = fold(text).text
    return [(plain[start:end], strong) for start, end, strong in find_profanity(plain)]


@pytest.mark.parametrize(
    "text",
    ["Fuck this mug", "sh1t", "f*ck off", "f**k", "f u c k", "s.h.i.t", "fuuuuck", "b!tch", "a$$hole", "motherfuckers",
     "So eine Scheiße", "Scheißladen", "Arschlöcher", "Hurensohn", "you son of a bitch", "fυck", "ＦＵＣＫ"],
)  # fmt: skip
def test_strong_words_stop_a_text_however_they_are_spelt(text: str) -> None:
    assert any(strong for _, strong in found(text))


@pytest.mark.parametrize(
    "text",
    ["Scunthorpe", "A cocktail for Mr Dickens", "blue tit feeder", "weathercock", "pussy willow", "Assam tea, assorted",
     "shiitake mushrooms", "Essex and Sussex", "grape, rapeseed oil", "a bundle of faggots", "Maine Coons", "soap scum remover",
     "Penistone", "Matsushita", "H2O, 5 l, B12, mp3", "A & B & C", "18 x 20 x 5 cm", "kills all germs", "Kassel", "Analyse",
     "Sauerkraut", "Mistgabel", "Hurenkind", "Schiffahrt", "brrr, cold", "ääh", "C3 D4 E5"],
)  # fmt: skip
def test_innocent_words_are_left_in_peace(text: str) -> None:
    assert found(text) == []


def test_mild_words_are_for_a_person() -> None:
    assert found("a damn fine mug") == [("damn", False)]


@pytest.mark.parametrize("text", ["fuck", "son of a bitch", "scheisse", "damn", "fuuuck", "hurensohn"])
def test_the_quick_look_sees_what_is_not_in_disguise(text: str) -> None:
    assert may_offend(text, set(text.split()))
