"""Merkle trees: the vectors of the certificate transparency project, and a naive implementation of the RFC's text."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.audit.tree import (
    EMPTY_ROOT,
    consistency_path,
    grow,
    hash_leaf,
    hash_node,
    includes,
    inclusion_path,
    is_consistent,
    peaks_root,
    tree_root,
)

ENTRIES = [bytes.fromhex(h) for h in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657",
                                      "606162636465666768696a6b6c6d6e6f")]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""The entries and roots by size that the implementations of RFC 6962 are tested with."""

LEAVES = [hash_leaf(entry) for entry in ENTRIES]


def naive_root(entries: list[bytes]) -> bytes:
    """MTH, word for word."""
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    k = 1
    while k * 2 < len(entries):
        k *= 2
    return hashlib.sha256(b"\x01" + naive_root(entries[:k]) + naive_root(entries[k:])).digest()


def naive_path(index: int, entries: list[bytes]) -> list[bytes]:
    """PATH, word for word."""
    if len(entries) == 1:
        return []
    k = 1
    while k * 2 < len(entries):
        k *= 2
    if index < k:
        return [*naive_path(index, entries[:k]), naive_root(entries[k:])]
    return [*naive_path(index - k, entries[k:]), naive_root(entries[:k])]


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_the_known_vectors(size: int) -> None:
    assert tree_root(LEAVES[:size]).hex() == ROOTS[size]
    assert naive_root(ENTRIES[:size]).hex() == ROOTS[size]


def test_the_known_inclusion_proofs() -> None:
    assert inclusion_path(LEAVES[:1], 0) == []
    assert [node.hex() for node in inclusion_path(LEAVES, 0)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [node.hex() for node in inclusion_path(LEAVES[:3], 2)] == [
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    ]


def test_the_known_consistency_proofs() -> None:
    assert consistency_path(LEAVES[:1], 1) == []
    assert [node.hex() for node in consistency_path(LEAVES, 1)] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]
    assert [node.hex() for node in consistency_path(LEAVES, 6)] == [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]


@pytest.mark.slow
@given(st.lists(st.binary(max_size=6), max_size=40), st.data())
def test_growing_by_any_batches_gives_the_root_of_the_whole(entries: list[bytes], data: st.DataObject) -> None:
    cut = data.draw(st.integers(0, len(entries)))
    leaves = [hash_leaf(entry) for entry in entries]
    peaks = grow(grow([], 0, leaves[:cut]), cut, leaves[cut:])
    assert peaks_root(peaks) == naive_root(entries)
    assert len(peaks) == len(entries).bit_count()


@pytest.mark.slow
@given(st.lists(st.binary(max_size=6), min_size=1, max_size=40), st.data())
def test_a_leaf_is_proved_at_its_own_place_alone(entries: list[bytes], data: st.DataObject) -> None:
    index = data.draw(st.integers(0, len(entries) - 1))
    leaves, root = [hash_leaf(entry) for entry in entries], naive_root(entries)
    path = inclusion_path(leaves, index)
    assert path == naive_path(index, entries)
    assert includes(leaves[index], index, len(entries), path, root)
    other = data.draw(st.integers(-1, len(entries) + 1).filter(lambda i: i != index))
    assert not includes(leaves[index], other, len(entries), path, root) or leaves[other] == leaves[index]
    assert not includes(hash_leaf(entries[index] + b"!"), index, len(entries), path, root)
    assert not includes(leaves[index], index, len(entries), [*path, root], root)
    if path:
        assert not includes(leaves[index], index, len(entries), path[:-1], root)


@pytest.mark.slow
@given(st.lists(st.binary(max_size=6), min_size=1, max_size=40), st.data())
def test_a_tree_is_consistent_with_its_own_beginning_alone(entries: list[bytes], data: st.DataObject) -> None:
    first = data.draw(st.integers(1, len(entries)))
    leaves = [hash_leaf(entry) for entry in entries]
    old, new = naive_root(entries[:first]), naive_root(entries)
    path = consistency_path(leaves, first)
    assert is_consistent(first, len(entries), path, old, new)
    assert not is_consistent(first, len(entries), [*path, new], old, new)
    changed = naive_root([entries[0] + b"!", *entries[1:first]])
    assert not is_consistent(first, len(entries), path, changed, new)
    rewritten = naive_root([entries[0] + b"!", *entries[1:]])
    assert not is_consistent(first, len(entries), path, old, rewritten)


def test_nonsense_proves_nothing() -> None:
    assert EMPTY_ROOT.hex() == ROOTS[0]
    assert not includes(LEAVES[0], 0, 0, [], EMPTY_ROOT)
    assert not is_consistent(0, 3, [], EMPTY_ROOT, tree_root(LEAVES[:3]))
    assert not is_consistent(3, 2, [], LEAVES[0], LEAVES[0])
    assert not is_consistent(2, 4, [], LEAVES[0], LEAVES[0])
    assert hash_node(LEAVES[0], LEAVES[1]) != hash_leaf(LEAVES[0] + LEAVES[1])
    for leaves, number in ((LEAVES, 8), ([], 0)):
        with pytest.raises(IndexError):
            inclusion_path(leaves, number)
    with pytest.raises(IndexError):
        consistency_path(LEAVES, 9)
