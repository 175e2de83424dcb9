"""The stored policy: what a campaign's policy has learned, as it is published."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StoredPolicy:
    """A policy's state as it was published: `variant` is '' for the campaign's own. `state` is JSON in `format`."""

    campaign: str
    variant: str
    version: str
    kind: str
    format: int
    state: str
    at: str
