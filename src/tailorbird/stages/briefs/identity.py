"""A brief's identity: the hash of what it says."""

import hashlib
import json
from dataclasses import asdict, replace

from tailorbird.types.brief import Brief


def brief_id(brief: Brief) -> str:
    """'b_' and 24 hex digits of the SHA-256 over the brief's canonical JSON, its id left out."""
    content = asdict(replace(brief, brief_id=""))
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return "b_" + hashlib.sha256(canonical.encode()).hexdigest()[:24]


def identify(brief: Brief) -> Brief:
    """The same brief with its id filled in."""
    return replace(brief, brief_id=brief_id(brief))
