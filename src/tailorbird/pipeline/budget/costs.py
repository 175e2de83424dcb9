"""What tiers cost: a message, and the writing of a cell's briefs."""

from collections.abc import Mapping, Sequence
from typing import Any

from tailorbird.types.settings import GeneratorSettings

SECONDS_PER_REQUEST = 6.0
"""Measured for the default local model, prefix cached, one thread; used until a project has figures of its own."""
REQUESTS_PER_BRIEF = 2.3
PROMPT_TOKENS, COMPLETION_TOKENS = 900, 60
"""Of one request, about: what a server that counts tokens is paid for."""


def speed_of(runs: Sequence[Mapping[str, Any]]) -> tuple[float, bool]:
    """(CPU-seconds per model call, whether this project measured it), from the details of runs."""
    for run in reversed(runs):
        detail = run["steps"].get("generate") or {}
        if detail.get("model_calls") and detail.get("cpu_seconds"):
            return detail["cpu_seconds"] / detail["model_calls"], True
    return SECONDS_PER_REQUEST, False


def brief_cost(settings: GeneratorSettings | None, seconds: float) -> float | None:
    """What writing one brief costs, in the currency: tokens where they are priced, else the machine's time.

    `seconds` is how long a request takes on this machine. None where there is no such model.
    """
    if settings is None or settings.adapter == "none":
        return None
    tokens = PROMPT_TOKENS * settings.prompt_token_micros + COMPLETION_TOKENS * settings.completion_token_micros
    each = tokens if tokens or settings.adapter != "llama_cpp" else seconds / 3600 * settings.cpu_hour_micros
    return REQUESTS_PER_BRIEF * each / 1e6
