"""Consent: what a person said of a purpose, what the law makes of silence, and what is in force."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Words = Mapping[str, bool | str]
"""A person's last words: {purpose, or purpose:channel: yes, no, or the moment (ISO 8601) until which a yes holds}."""

CHANNELS = ("email", "sms", "push", "web", "phone", "post")
"""The channels on which people are written to."""

Use = Literal["marketing", "pixel", "profiling", "sale"]
"""What a purpose is, in the eyes of the law."""

Regime = Literal["opt_in", "implied", "opt_out"]
"""What silence may be taken for, the strictest first: no; yes for a time after a purchase; yes until a no."""

ConsentState = Literal["granted", "denied", "expired"]


@dataclass(frozen=True, slots=True)
class JurisdictionRule:
    """What silence means somewhere. `channels` () is any channel, `implied_months` how long a purchase implies a yes.

    `soft_opt_in`: a customer may be written to about similar products, where the project has set that up.
    """

    jurisdictions: tuple[str, ...]
    uses: tuple[Use, ...]
    channels: tuple[str, ...]
    regime: Regime
    law: str
    source: str
    checked_on: str
    soft_opt_in: bool = False
    implied_months: int = 0


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is in force for one purpose on one channel, and why: in words, and by which rule."""

    state: ConsentState
    reason: str

    @property
    def granted(self) -> bool:
        """Whether the purpose is allowed."""
        return self.state == "granted"


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """One entry of the ledger, with the fields of ISO/IEC TS 27560: one word on one purpose, '' channel for all.

    `record_id` is the id of the event that holds the word. `expires_at` and `notice` are '' where nothing was said.
    `evidence` is the SHA-256 of what was received.
    """

    record_id: str
    person_id: str
    purpose: str
    channel: str
    given: bool
    at: datetime
    received_at: datetime
    method: str
    evidence: str
    basis: str = ""
    controller: str = ""
    notice: Mapping[str, str] = field(default_factory=dict)
    jurisdiction: str = ""
    data: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    expires_at: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


def consent_key(purpose: str, channel: str = "") -> str:
    """How a purpose, or a purpose on one channel, is called in words and in what is in force."""
    return f"{purpose}:{channel}" if channel else purpose


def is_granted(consents: Mapping[str, bool], purpose: str, channel: str = "") -> bool:
    """Whether what is in force allows a purpose on a channel, or without one on any channel at all."""
    return consents.get(consent_key(purpose, channel), consents.get(purpose, False)) is True
