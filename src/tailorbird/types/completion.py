"""What a generator is asked, and what it answers."""

from dataclasses import dataclass, field
from typing import NewType


@dataclass(frozen=True, slots=True)
class ModelCard:
    """Which model answers: recorded with every draft. `digest` is the weights' SHA-256 where they are local.

    `endpoint` is the server's address where it is remote, without user and password. `local`: it runs in this process,
    so that nobody else sees what it is asked.
    """

    name: str
    provider: str
    digest: str = ""
    endpoint: str = ""
    local: bool = False


@dataclass(frozen=True, slots=True)
class CompletionRequest:
    """One prompt, `candidates` samples. `messages` are (role, text) turns; `grammar` is GBNF or ''.

    `max_tokens` bounds each sample; `stop` strings end it. `seed` makes the answer repeatable where the model allows.
    """

    messages: tuple[tuple[str, str], ...]
    candidates: int
    max_tokens: int
    seed: int
    temperature: float = 0.8
    top_p: float = 0.95
    min_p: float = 0.05
    stop: tuple[str, ...] = ("\n",)
    grammar: str = ""


MaskedRequest = NewType("MaskedRequest", CompletionRequest)
"""A request in which everything personal that could be found is masked: the only kind that a generator is given.
`stages/privacy/masked_request.py` alone makes one."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One answer. `mean_logprob` is None where the server gives none; `finished` is False if it was cut off."""

    text: str
    finished: bool
    mean_logprob: float | None = None


@dataclass(frozen=True, slots=True)
class Completion:
    """All samples of one request, with what they cost. `cpu_seconds` is this process's, 0 for a remote model.

    `requests` is how often the prompt was sent for it, attempts that failed included.
    """

    samples: tuple[Sample, ...]
    prompt_tokens: int = 0
    completion_tokens: int = 0
    latency_ms: float = 0.0
    cpu_seconds: float = 0.0
    cost_micros: int = 0
    model: ModelCard = field(default_factory=lambda: ModelCard("unknown", "unknown"))
    requests: int = 1
