"""The profile: what is known of one person, and what may be done with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tailorbird.types.consent import Words


@dataclass(frozen=True, slots=True)
class Profile:
    """One person.

    `words` are the person's last words on purposes and channels; `consents` is what is in force, by the keys of
    `consent_key`: the words, or what silence is taken for. A missing purpose has no consent. `purchased_at` is the day
    of the last purchase, where a rule asks for it.
    """

    person_id: str
    traits: Mapping[str, Any] = field(default_factory=dict)
    consents: Mapping[str, bool] = field(default_factory=dict)
    email: str | None = None
    first_name: str | None = None
    locale: str | None = None
    timezone: str | None = None
    country: str | None = None
    words: Words = field(default_factory=dict)
    purchased_at: datetime | None = None
