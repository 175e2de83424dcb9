"""JSON objects that only some parsers read: NaN, Infinity, a comma too many, numbers that no float holds."""

import json
import math
import re
from collections.abc import Mapping
from typing import Any

_COMMA = re.compile(r'("(?:[^"\\]|\\.)*")|,(\s*[}\]])')


def read_loose_json(text: str) -> Mapping[str, Any]:
    """The members of an object that have a plain meaning; one that holds a number beyond all bounds is left out.

    Empty if the text is no object at all. For text that is in the event log already; an import refuses such lines.
    """
    try:
        found = json.loads(_COMMA.sub(lambda match: match[1] or match[2], text))
    except (ValueError, RecursionError):
        return {}
    return {key: value for key, value in found.items() if _is_plain(value)} if isinstance(found, dict) else {}


def _is_plain(value: Any) -> bool:
    if isinstance(value, dict):
        return all(map(_is_plain, value.values()))
    if isinstance(value, list):
        return all(map(_is_plain, value))
    return not isinstance(value, float) or math.isfinite(value)
