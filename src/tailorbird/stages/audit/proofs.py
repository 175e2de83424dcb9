"""Proofs as documents: what a third party needs to check that an entry is in the log, or that a log only grew."""

import binascii
from collections.abc import Mapping, Sequence
from typing import Any

from tailorbird.stages.audit.entries import entry_bytes
from tailorbird.stages.audit.tree import consistency_path, hash_leaf, includes, inclusion_path, is_consistent, tree_root
from tailorbird.types.audit import AuditRow, TreeHead
from tailorbird.types.errors import TailorbirdError


class ProofError(TailorbirdError):
    """A document that is no proof, or an entry of which there is none. The message says what is wrong with it."""


def prove_entry(row: AuditRow, leaves: Sequence[bytes], at: str) -> dict[str, Any]:
    """The proof that a row is in the tree over `leaves`: its bytes, its place, the path and the head."""
    return {
        "proof": "inclusion",
        "rfc": "9162",
        "hash": "SHA-256",
        "index": row.position,
        "entry": entry_bytes(row.at, row.kind, row.entry_id, row.key_id, row.payload).decode(),
        "path": [node.hex() for node in inclusion_path(leaves, row.position)],
        "head": {"size": len(leaves), "root": tree_root(leaves).hex(), "at": at},
    }


def prove_growth(first: int, leaves: Sequence[bytes], at: str) -> dict[str, Any]:
    """The proof that the tree over `leaves` begins with the one over its first `first`."""
    if not 0 < first <= len(leaves):
        raise ProofError(f"the log has {len(leaves):,} entries; name an earlier size of 1 to {len(leaves):,}")
    return {
        "proof": "consistency",
        "rfc": "9162",
        "hash": "SHA-256",
        "path": [node.hex() for node in consistency_path(leaves, first)],
        "first": {"size": first, "root": tree_root(leaves[:first]).hex()},
        "head": {"size": len(leaves), "root": tree_root(leaves).hex(), "at": at},
    }


def check_proof(document: Any, trusted: TreeHead | None = None) -> str:
    """What a proof proves, in one sentence. ProofError: it proves nothing, or of another log than the trusted head's.

    Without a trusted head the proof holds for the head that it brings along.
    """
    try:
        head = document["head"]
        size, root, path = head["size"], bytes.fromhex(head["root"]), [bytes.fromhex(n) for n in document["path"]]
        if trusted is not None and (trusted.size, trusted.root) != (size, head["root"]):
            raise ProofError(f"the proof is for {size} entries with root {head['root'][:16]}…, not for the head")
        if document["proof"] == "inclusion":
            return _check_inclusion(document, size, path, root)
        if document["proof"] == "consistency":
            return _check_growth(document["first"], size, path, root)
    except (KeyError, TypeError, ValueError, AttributeError, binascii.Error) as error:
        raise ProofError(f"this is no proof: {type(error).__name__} {error}") from None
    raise ProofError(f"this is no proof of a kind that is known: {document['proof']!r}")


def _check_inclusion(document: Mapping[str, Any], size: int, path: Sequence[bytes], root: bytes) -> str:
    index = document["index"]
    if not includes(hash_leaf(document["entry"].encode()), index, size, path, root):
        raise ProofError(f"the entry is not entry {index} of the log with root {root.hex()[:16]}…")
    return f"the entry is entry {index} of {size} under root {root.hex()}"


def _check_growth(first: Mapping[str, Any], size: int, path: Sequence[bytes], root: bytes) -> str:
    if not is_consistent(first["size"], size, path, bytes.fromhex(first["root"]), root):
        raise ProofError(f"the log of {size} entries does not begin with the one of {first['size']}")
    return f"the log of {size} entries under root {root.hex()} begins with the {first['size']} of root {first['root']}"
