"""What is compared of people."""

from tailorbird.stages.identity.cards import card_of, known_fields
from tailorbird.types.identity import PersonCard


def test_a_card_has_every_value_in_one_spelling() -> None:
    traits = {
        "firstName": " Éva-Mária ",
        "lastName": "O'Neill",
        "email": "Eva@Bücher.example",
        "phone": "020 7946 0018",
        "country": "GB",
        "address": {"postalCode": "sw1a 1aa"},
    }
    assert card_of("p", traits) == PersonCard(
        "p", "eva maria", "o neill", "eva@xn--bcher-kva.example", "+442079460018", "sw1a1aa"
    )


def test_what_is_no_name_address_or_number_is_left_out() -> None:
    traits = {"firstName": 7, "lastName": "--", "email": "none", "phone": "12", "country": "GB", "address": "x"}
    assert card_of("p", traits) == PersonCard("p")


def test_only_fields_that_differ_among_several_people_are_known() -> None:
    cards = [PersonCard("a", "ada", "lee", "a@x.org"), PersonCard("b", "ada", "kim"), PersonCard("c", "ada", "lee")]
    assert known_fields(cards) == ("last_name",)
