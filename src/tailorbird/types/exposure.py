"""The exposure: what one call told a model's vendor, in kinds and counts, never in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

ExposureState = Literal["started", "answered", "failed", "refused", "cache"]
"""`started` that never ends is a call during which the process died: the vendor may have it. `refused` was not sent;
`cache` was answered by us."""


@dataclass(frozen=True, slots=True)
class PromptContents:
    """What a prompt was made of: the brief, the names of its slots, the purposes they need, the ids of its items.

    `categories` are the kinds of text in it: catalog, knowledge, brand, campaign, invented.
    """

    campaign: str
    brief_id: str
    block: str
    locale: str
    purposes: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Exposure:
    """One call. `masked` counts spans by kind; `requests` is how often the prompt was sent, attempts included.

    `retention_days`, `trains` and `dpa` are what the project says of the vendor, None and '' where it says nothing.
    """

    exposure_id: str
    at: datetime
    state: ExposureState
    model: str
    provider: str
    endpoint: str
    local: bool
    region: str
    retention_days: int | None
    trains: bool | None
    dpa: str
    contents: PromptContents
    prompt_sha256: str
    prompt_bytes: int
    masked: Mapping[str, int] = field(default_factory=dict)
    ended_at: datetime | None = None
    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    reason: str = ""
