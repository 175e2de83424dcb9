"""Values in words."""

from .kettle import kinds


def test_an_everyday_word_is_a_value_only_beside_its_attribute() -> None:
    assert kinds("A box for the home.") == []
    assert kinds("The package is a box.") == [("unsupported_value", "box")]


def test_a_wording_stands_for_its_value_and_a_denied_foreign_value_is_true() -> None:
    assert kinds("In sage, not in red or black.") == []
    assert kinds("In midnight blue.") == [("contradiction", "midnight blue")]


def test_part_of_an_own_value_is_the_subject_s_too() -> None:
    assert kinds("A whistling kettle of steel.") == []
