"""Buckets by stable hash, and the splits made of them."""

import hashlib

import pytest

from tailorbird.stages.assignment.buckets import BUCKETS, bucket_of, buckets_of, split_by_hash

PEOPLE = [f"p{i}" for i in range(20_000)]


def test_the_bucket_is_the_published_formula() -> None:
    digest = hashlib.sha256(b"salt|p1").hexdigest()[:16]
    assert bucket_of("p1", "salt") == int(digest, 16) % BUCKETS


def test_the_share_is_close_to_what_was_asked() -> None:
    held = sum(split_by_hash(PEOPLE, "winback", 0.3))
    assert abs(held - 6_000) < 4 * (20_000 * 0.3 * 0.7) ** 0.5


def test_none_and_everybody_are_exact() -> None:
    assert not any(split_by_hash(PEOPLE, "s", 0))
    assert all(split_by_hash(PEOPLE, "s", 1))


def test_raising_the_share_only_adds_people() -> None:
    small, large = split_by_hash(PEOPLE, "s", 0.1), split_by_hash(PEOPLE, "s", 0.2)
    assert all(b for a, b in zip(small, large, strict=True) if a)


def test_two_campaigns_hold_out_independently() -> None:
    one, other = split_by_hash(PEOPLE, "one", 0.5), split_by_hash(PEOPLE, "other", 0.5)
    both = sum(a and b for a, b in zip(one, other, strict=True))
    assert abs(both - 5_000) < 300


def test_a_persons_arm_does_not_depend_on_who_else_is_asked() -> None:
    assert [split_by_hash([p], "s", 0.25)[0] for p in PEOPLE[:500]] == split_by_hash(PEOPLE[:500], "s", 0.25)


def test_a_share_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        split_by_hash(["a"], "s", 10)


def test_one_by_one_and_together_are_equal() -> None:
    assert buckets_of(PEOPLE[:300], "salt").tolist() == [bucket_of(p, "salt") for p in PEOPLE[:300]]
    assert buckets_of([], "salt").tolist() == []
