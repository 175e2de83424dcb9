"""What a server answered, read with care: anything may be missing or of another type."""

import math
from typing import Any

from tailorbird.types.completion import Sample


def read_samples(answer: dict[str, Any]) -> list[Sample]:
    """The answer's samples; a choice without a text is left out."""
    return [sample for choice in _list(answer.get("choices")) if (sample := _sample(choice))]


def read_usage(answer: dict[str, Any]) -> tuple[int, int]:
    """(prompt tokens, completion tokens); 0 where the server does not count."""
    usage = _dict(answer.get("usage"))
    return _count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens"))


def _sample(choice: object) -> Sample | None:
    found = _dict(choice)
    text = _text(_dict(found.get("message")).get("content"))
    if text is None:
        return None
    tokens = [_dict(token).get("logprob") for token in _list(_dict(found.get("logprobs")).get("content"))]
    known = [float(value) for value in tokens if isinstance(value, int | float) and math.isfinite(value)]
    mean = sum(known) / len(known) if known else None
    return Sample(text.strip(), found.get("finish_reason") == "stop", mean)


def _text(content: object) -> str | None:
    """Plain text, or the joined text of content parts ([{"type": "text", "text": …}])."""
    if isinstance(content, str):
        return content
    parts = [_dict(part).get("text") for part in _list(content)]
    texts = [part for part in parts if isinstance(part, str)]
    return "".join(texts) if texts else None


def _count(value: object) -> int:
    return int(value) if isinstance(value, int | float) and math.isfinite(value) and value > 0 else 0


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
