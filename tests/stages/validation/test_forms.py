"""Forms that slots lack."""

from tailorbird.stages.validation.forms import awkward_forms


def test_awkward_forms_are_a_plural_a_vowel_and_a_small_letter() -> None:
    names = ["Glass jar", "Moss brush", "Snipley secateurs", "Oak peg", "jute string"]
    assert awkward_forms(names) == ("Snipley secateurs", "Oak peg", "jute string")


def test_a_plural_before_its_complement_is_a_plural() -> None:
    assert awkward_forms(["Pots of clay"]) == ("Pots of clay",)
    assert awkward_forms(["Box for seeds"]) == ()
