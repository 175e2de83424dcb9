"""Pseudonyms: one per person, purpose and epoch; none tells of another."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tailorbird.stages.privacy.pseudonyms import (
    Epoch,
    PseudonymError,
    check_purpose,
    epoch_of,
    is_due,
    make_pseudonym,
    read_epoch,
)

KEYS = st.binary(min_size=32, max_size=32)
MOMENTS = st.integers(0, 40_000).map(lambda days: datetime(1990, 1, 1, 23, 59, tzinfo=UTC) + timedelta(days=days))


@pytest.mark.slow
@given(KEYS, st.text(min_size=1))
def test_one_key_gives_one_person_one_pseudonym_that_is_not_the_id(key: bytes, person: str) -> None:
    name = make_pseudonym(key, person)
    assert name == make_pseudonym(key, person) and len(name) == 34
    assert len(person) < 3 or person not in name or person.isalnum()


@pytest.mark.slow
@given(KEYS, st.lists(st.text(), unique=True, max_size=50))
def test_no_two_people_share_one(key: bytes, people: list[str]) -> None:
    assert len({make_pseudonym(key, person) for person in people}) == len(people)


@pytest.mark.slow
@given(KEYS, KEYS, st.lists(st.text(), unique=True, min_size=2, max_size=50))
def test_under_another_key_neither_names_nor_their_order_are_the_same(a: bytes, b: bytes, people: list[str]) -> None:
    assume(a != b)
    first, second = ([make_pseudonym(key, person) for person in people] for key in (a, b))
    assert not set(first) & set(second)


def test_the_order_of_pseudonyms_says_nothing_of_the_order_of_ids() -> None:
    people = [f"c{n:05}" for n in range(400)]
    orders = [sorted(people, key=lambda person: make_pseudonym(key, person)) for key in (b"a" * 32, b"b" * 32)]
    for order in (*orders, [people[0], *orders[0]]):
        rises = sum(x < y for x, y in pairwise(order))
        assert 150 < rises < 250
    kept = sum(orders[0].index(person) == orders[1].index(person) for person in people)
    assert kept < 10


@given(MOMENTS, st.integers(1, 3650))
def test_epochs_follow_each_other_without_a_gap(moment: datetime, days: int) -> None:
    epoch = epoch_of(moment, days)
    assert epoch.start <= moment.date() < epoch.ends()
    assert epoch_of(datetime.combine(epoch.ends(), datetime.min.time(), UTC), days).start == epoch.ends()
    assert read_epoch(epoch.label) == epoch


def test_a_key_is_due_only_after_the_retention_that_follows_its_epoch() -> None:
    epoch = Epoch(date(2026, 1, 1), 90)
    end = datetime(2026, 4, 1, tzinfo=UTC)
    assert not is_due(epoch, end + timedelta(days=30), 30)
    assert is_due(epoch, end + timedelta(days=31), 30)


@pytest.mark.parametrize("label", ["", "2026-01-01", "2026-13-01_90", "x_90", "2026-01-01_90.bak"])
def test_other_files_are_no_epoch(label: str) -> None:
    assert read_epoch(label) is None


@pytest.mark.parametrize("purpose", ["", "../keys", "Analysis", "a b", "x" * 41, "-x"])
def test_a_purpose_is_a_plain_word(purpose: str) -> None:
    with pytest.raises(PseudonymError):
        check_purpose(purpose)
    assert check_purpose("churn-model_2") == "churn-model_2"
