"""Whether a weights file is the one that was pinned: hashed once, then known by its size and time."""

import hashlib
import json
from pathlib import Path

from tailorbird.ports.generator import GeneratorError


def verify_weights(path: Path, sha256: str) -> None:
    """GeneratorError unless the file's SHA-256 is `sha256`.

    A correct file leaves a stamp beside it (size, modification time), so that later starts do not hash a gigabyte.
    """
    try:
        stat = path.stat()
    except OSError as problem:
        raise GeneratorError(f"no model at {path}: run 'tailorbird models pull', or use --no-model") from problem
    stamp = path.with_name(path.name + ".verified")
    seen = {"sha256": sha256, "size": stat.st_size, "mtime_ns": stat.st_mtime_ns}
    try:
        if json.loads(stamp.read_text()) == seen:
            return
    except (OSError, ValueError):
        pass
    with path.open("rb") as handle:
        found = hashlib.file_digest(handle, "sha256").hexdigest()
    if found != sha256:
        raise GeneratorError(
            f"the model file {path} is damaged (SHA-256 {found[:12]}…, expected {sha256[:12]}…): "
            "delete it and run 'tailorbird models pull'"
        )
    try:
        stamp.write_text(json.dumps(seen))
    except OSError:  # a read-only cache: hashing again next time is slow, not wrong
        pass
