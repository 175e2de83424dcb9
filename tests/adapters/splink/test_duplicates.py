"""Probable duplicates, by Splink."""

import builtins
from random import Random
from typing import Any

import pytest

from tailorbird.adapters.splink.duplicates import DuplicatesError, propose_duplicates
from tailorbird.stages.identity.cards import known_fields
from tailorbird.types.identity import PersonCard

pytestmark = pytest.mark.engines

FIRST = [
    "ada",
    "ben",
    "cem",
    "dora",
    "eva",
    "finn",
    "gus",
    "hana",
    "ivo",
    "jana",
    "kai",
    "lea",
    "max",
    "nora",
    "otto",
    "pia",
    "quin",
    "rosa",
    "sam",
    "tea",
]
LAST = [
    "smith",
    "jones",
    "weber",
    "klein",
    "wolf",
    "moritz",
    "lange",
    "braun",
    "fuchs",
    "vogel",
    "keller",
    "frank",
    "berg",
    "roth",
    "simon",
]


def crowd(people: int = 400, seed: int = 7) -> tuple[list[PersonCard], set[tuple[str, str]]]:
    """People of whom every tenth has a second account that differs in something, and the true pairs."""
    random = Random(seed)
    cards, pairs = [], set()
    for number in range(people):
        first, last = random.choice(FIRST), random.choice(LAST)
        email, phone = f"{first}.{last}{number}@x.example", f"+4930{number:07d}"
        postcode = str(random.randrange(10_000, 99_999))
        cards.append(PersonCard(f"a{number}", first, last, email, phone, postcode))
        if number % 10 == 0:
            changed = random.choice(["first_name", "email", "phone", "postcode"])
            second = PersonCard(f"b{number}", first, last, email, phone, postcode)
            other = {"first_name": first + "e", "email": f"new{number}@y.example", "phone": None, "postcode": "10000"}
            values = {name: getattr(second, name) for name in PersonCard.__slots__}
            cards.append(PersonCard(**{**values, changed: other[changed]}))
            pairs.add((f"a{number}", f"b{number}"))
    return cards, pairs


def test_second_accounts_are_found_and_namesakes_are_not() -> None:
    cards, pairs = crowd()
    proposals = propose_duplicates(cards, known_fields(cards), above=0.9, seed=1)
    found = {(each.one, each.other) for each in proposals}
    assert len(found & pairs) >= 0.95 * len(pairs)
    assert len(found - pairs) <= 0.02 * len(pairs)
    assert all(0.9 <= each.probability <= 1 and each.equal for each in proposals)
    assert propose_duplicates(cards[::-1], known_fields(cards), above=0.9, seed=1)[:3] != []


def test_fields_that_nobody_has_are_not_asked_for() -> None:
    cards, pairs = crowd(200)
    slim = [PersonCard(card.person_id, email=card.email, phone=card.phone) for card in cards]
    found = {(each.one, each.other) for each in propose_duplicates(slim, known_fields(slim), above=0.5, seed=1)}
    assert found and found <= pairs


def test_too_few_people_are_one_clear_error() -> None:
    with pytest.raises(DuplicatesError, match="too little to compare: 1 people with email"):
        propose_duplicates([PersonCard("a", email="a@x.org")], ["email"], 0.9, 1)


def test_without_the_extra_the_error_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name.startswith("splink"):
            raise ImportError("No module named 'splink'")
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    cards, _ = crowd(30)
    with pytest.raises(DuplicatesError, match=r"pip install 'tailorbird\[identity\]'"):
        propose_duplicates(cards, known_fields(cards), 0.9, 1)
