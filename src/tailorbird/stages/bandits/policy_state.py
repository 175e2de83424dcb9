"""A policy's state as JSON with kind and format: what cannot be read is refused, and the refusal says how to mend
it."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from tailorbird.types.errors import TailorbirdError

FORMAT = 1
"""The format of the states of the policies that are built in."""


class PolicyStateError(TailorbirdError):
    """A policy's state that this version cannot go on from."""


def write_state(kind: str, learned: Mapping[str, Any]) -> str:
    """The state: canonical, so that equal knowledge is an equal text."""
    return json.dumps({"kind": kind, "format": FORMAT, **learned}, sort_keys=True, separators=(",", ":"))


def read_state(kind: str, state: str | None, format_known: int = FORMAT) -> dict[str, Any]:
    """What `write_state` wrote; {} for None. Raises PolicyStateError for another kind or format, or for what is
    none."""
    if state is None:
        return {}
    mend = "run `tailorbird report` on the campaign: it learns anew from all outcomes"
    try:
        found = json.loads(state)
    except ValueError:
        found = None
    if not isinstance(found, dict) or "kind" not in found or "format" not in found:
        raise PolicyStateError(f"the policy's state is no JSON with kind and format; {mend}")
    if found["kind"] != kind:
        raise PolicyStateError(f"the policy's state is of kind {found['kind']!r}, and the policy is {kind!r}; {mend}")
    if found["format"] != format_known:
        raise PolicyStateError(
            f"the policy's state has format {found['format']!r}, and this version reads {format_known}; {mend}"
        )
    return found


def version_of(kind: str, learned: Mapping[str, Any], *also: object) -> str:
    """'p-' and 12 hex digits of what was learned; 'prior' where nothing was. Numbers count to six decimals."""
    if not any(learned.values()):
        return "prior"
    told = json.dumps([kind, _rounded(learned), [repr(each) for each in also]], sort_keys=True)
    return "p-" + hashlib.sha256(told.encode()).hexdigest()[:12]


def _rounded(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _rounded(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(each) for each in value]
    return round(value, 6) if isinstance(value, float) else value
