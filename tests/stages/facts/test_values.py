"""Values in words."""

from .kettle import findings, kinds


def test_an_everyday_word_is_a_value_only_beside_its_attribute() -> None:
    assert kinds("A box for the home.") == []
    assert kinds("The package is a box.") == [("contradiction", "box")]


def test_a_wording_stands_for_its_value_and_a_denied_foreign_value_is_true() -> None:
    assert kinds("In sage, not in red or black.") == []
    assert kinds("In midnight blue.") == [("contradiction", "midnight blue")]


def test_part_of_an_own_value_is_the_subject_s_too() -> None:
    assert kinds("A whistling kettle of steel.") == []


def test_without_a_vocabulary_another_colour_contradicts_and_an_unknown_name_asks_a_person() -> None:
    assert kinds("In red, not in black.", vocabularies={}) == [("contradiction", "red")]
    assert [(found.type, found.severity) for found in findings("As seen by Alexandra.")] == [
        ("unknown_name", "warning")
    ]


def test_among_many_attributes_small_everyday_looking_words_are_no_values() -> None:
    many = {f"attribute {n}": {"battery": (), "Alkaline": (), "left": ()} for n in range(60)}
    assert kinds("With the battery left out.", vocabularies=many) == []
    assert kinds("The cell is Alkaline.", vocabularies=many) == [("unsupported_value", "Alkaline")]
