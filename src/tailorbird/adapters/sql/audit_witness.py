"""The audit log's second record: leaf hashes and heads in files, apart from the database that they bear witness of."""

import fcntl
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tailorbird.types.audit import TreeHead

LEAF_BYTES = 32


class AuditWitness:
    """`leaves` holds 32 bytes per entry, `heads.jsonl` one line per head, both append-only, in one folder.

    It follows the database: a crash, or another machine's entries, leave it behind, and the next append catches up.
    It is not synced, since nothing is lost that the database does not have. Keep a copy of `heads.jsonl` elsewhere.
    """

    def __init__(self, folder: Path) -> None:
        self._leaves, self._heads = folder / "leaves", folder / "heads.jsonl"

    def follow(self, head: TreeHead, read_leaves: Callable[[int, int], Sequence[bytes]]) -> None:
        """Record the head, and every leaf up to it that is not recorded yet: `read_leaves(start, end)` gives them."""
        self._leaves.parent.mkdir(parents=True, exist_ok=True)
        with self._leaves.open("ab") as file, _locked(file.fileno()):
            size = os.fstat(file.fileno()).st_size
            if size % LEAF_BYTES:  # a write that a crash cut short
                file.truncate(size - size % LEAF_BYTES)
            recorded = size // LEAF_BYTES
            if recorded < head.size:
                file.write(b"".join(read_leaves(recorded, head.size)))
                file.flush()
            line = json.dumps({"size": head.size, "root": head.root, "at": head.at}) + "\n"
            with self._heads.open("a", encoding="utf-8") as heads:
                heads.write(line)

    def leaves(self) -> list[bytes] | None:
        """The leaf hashes by position; None if there never was a record here."""
        if not self._leaves.exists():
            return None
        content = self._leaves.read_bytes()
        return [content[at : at + LEAF_BYTES] for at in range(0, len(content) - LEAF_BYTES + 1, LEAF_BYTES)]

    def heads(self) -> list[TreeHead]:
        """The heads by the time of their recording; a last line that a crash cut short is none."""
        return read_heads(self._heads) if self._heads.exists() else []


def read_heads(path: Path) -> list[TreeHead]:
    """The heads in a file of JSON lines, or of one JSON object. ValueError: it holds something else."""
    heads = []
    for line in path.read_text(encoding="utf-8").splitlines(keepends=True):
        try:
            found = json.loads(line)
            heads.append(TreeHead(int(found["size"]), str(found["root"]), str(found.get("at", ""))))
        except (ValueError, KeyError, TypeError):
            if line.endswith("\n") and line.strip():
                raise ValueError(f"{path}: {line.strip()[:60]!r} is no tree head") from None
    return heads


@contextmanager
def _locked(descriptor: int) -> Iterator[None]:
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)
