"""An audit entry as bytes: what its leaf hashes, and where a reader of a proof finds everything again."""

import base64
import json

from tailorbird.stages.audit.tree import hash_leaf
from tailorbird.types.audit import AuditRow


def entry_bytes(at: str, kind: str, entry_id: str, key_id: str, payload: bytes) -> bytes:
    """The canonical bytes of an entry: JSON with sorted keys and no spaces, the payload in base64."""
    fields = {"at": at, "entry": entry_id, "key": key_id, "kind": kind, "payload": base64.b64encode(payload).decode()}
    return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()


def row_leaf(row: AuditRow) -> bytes:
    """The leaf hash of what a row says now, whatever hash was recorded with it."""
    return hash_leaf(entry_bytes(row.at, row.kind, row.entry_id, row.key_id, row.payload))
