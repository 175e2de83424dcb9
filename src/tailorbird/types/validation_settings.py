"""Settings of the validator, and the terms of a remote model: parts of tailorbird.yaml."""

from dataclasses import dataclass, field
from typing import Literal

FORBID = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class TermsSettings:
    """What is agreed with the vendor of a remote model, for the record of every call.

    `region`: where it runs. `retention_days`: how long the vendor keeps prompts, 0 for not at all. `trains`: whether it
    may train on them. `dpa`: the data processing agreement's id or date. Without a `dpa` and `trains: false` the model
    gets catalog facts only.
    """

    __pydantic_config__ = FORBID

    region: str = ""
    retention_days: int | None = None
    trains: bool | None = None
    dpa: str = ""


@dataclass(frozen=True, slots=True)
class EntailmentSettings:
    """Who decides what no rule can: 'none', or a large model behind an OpenAI-compatible server.

    It is believed only after `tailorbird audit calibrate`, and where it was right with at least `precision` (0.5 to
    0.999). A small local model is no judge of its own kind. `timeout_seconds` is how long a text waits for it. Prices
    are micros (1e-6) of the currency; `api_key_env` and `terms` are as for the generator.
    """

    __pydantic_config__ = FORBID

    adapter: Literal["none", "openai_compatible"] = "none"
    model: str = ""
    base_url: str = ""
    api_key_env: str = ""
    precision: float = 0.9
    timeout_seconds: float = 20.0
    prompt_token_micros: float = 0.0
    completion_token_micros: float = 0.0
    terms: TermsSettings = field(default_factory=TermsSettings)


@dataclass(frozen=True, slots=True)
class ValidationSettings:
    """How texts are judged beyond the rules."""

    __pydantic_config__ = FORBID

    entailment: EntailmentSettings = field(default_factory=EntailmentSettings)
