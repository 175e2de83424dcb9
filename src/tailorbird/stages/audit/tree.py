"""Merkle trees of RFC 9162, section 2.1: roots, inclusion and consistency proofs, and growing by batches."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence

EMPTY_ROOT = hashlib.sha256().digest()
"""The root of the tree without leaves."""


def hash_leaf(entry: bytes) -> bytes:
    """The hash of one entry: SHA-256 over 0x00 and the entry, so that no inner node passes for one."""
    return hashlib.sha256(b"\x00" + entry).digest()


def hash_node(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees: SHA-256 over 0x01 and both hashes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def tree_root(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes."""
    return peaks_root(grow([], 0, leaves))


def grow(peaks: Sequence[bytes], size: int, leaves: Iterable[bytes]) -> list[bytes]:
    """The peaks after adding leaf hashes to a tree of `size` leaves with these peaks.

    Peaks are the roots of the perfect subtrees that the tree is made of, largest first: as many as `size` has bits set.
    They are all that must be remembered to let the tree grow.
    """
    grown = list(peaks)
    for leaf in leaves:
        node, trailing = leaf, size
        while trailing & 1:
            node = hash_node(grown.pop(), node)
            trailing >>= 1
        grown.append(node)
        size += 1
    return grown


def peaks_root(peaks: Sequence[bytes]) -> bytes:
    """The root of the tree that has these peaks."""
    if not peaks:
        return EMPTY_ROOT
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = hash_node(peak, root)
    return root


def inclusion_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The proof that leaf `index` is in the tree over `leaves`: its siblings' hashes, from the leaf to the root."""
    if not 0 <= index < len(leaves):
        raise IndexError(f"there is no leaf {index} among {len(leaves)}")
    path: list[bytes] = []
    low, high = 0, len(leaves)
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            path.append(tree_root(leaves[middle:high]))
            high = middle
        else:
            path.append(tree_root(leaves[low:middle]))
            low = middle
    return path[::-1]


def includes(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether `path` proves that `leaf` is leaf `index` of the tree with `size` leaves and this root (2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, place, last = leaf, index, size - 1
    for sibling in path:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = hash_node(sibling, node)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            node = hash_node(node, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and node == root


def consistency_path(leaves: Sequence[bytes], first: int) -> list[bytes]:
    """The proof that the tree over `leaves` begins with the tree over the first `first` of them (2.1.4.1)."""
    if not 0 < first <= len(leaves):
        raise IndexError(f"there is no earlier tree of {first} leaves in one of {len(leaves)}")
    return list(_subproof(leaves, first, True))


def _subproof(leaves: Sequence[bytes], first: int, whole: bool) -> Iterator[bytes]:
    size = len(leaves)
    if first == size:
        if not whole:
            yield tree_root(leaves)
        return
    middle = _split(size)
    if first <= middle:
        yield from _subproof(leaves[:middle], first, whole)
        yield tree_root(leaves[middle:])
    else:
        yield from _subproof(leaves[middle:], first - middle, False)
        yield tree_root(leaves[:middle])


def is_consistent(first: int, second: int, path: Sequence[bytes], first_root: bytes, second_root: bytes) -> bool:
    """Whether `path` proves that the tree of `second` leaves only adds to the one of `first` leaves (2.1.4.2)."""
    if not 0 < first <= second:
        return False
    if first == second:
        return not path and first_root == second_root
    if not path:
        return False
    nodes = [first_root, *path] if first & (first - 1) == 0 else list(path)
    place, last = first - 1, second - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old = new = nodes[0]
    for node in nodes[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old, new = hash_node(node, old), hash_node(node, new)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new = hash_node(new, node)
        place, last = place >> 1, last >> 1
    return last == 0 and old == first_root and new == second_root


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << ((size - 1).bit_length() - 1)
