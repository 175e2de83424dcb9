"""The halt: why nothing of a campaign is sent any more, since when, and who let it go on."""

from dataclasses import dataclass
from typing import Literal

HaltKind = Literal["trigger", "guardrail", "person"]


@dataclass(frozen=True, slots=True)
class Halt:
    """One halt of one campaign. `at` and `released_at` are ISO 8601 in UTC; `released_at` is '' while it holds."""

    halt_id: str
    campaign: str
    kind: HaltKind
    at: str
    reason: str
    incident_id: str
    released_at: str = ""
    released_by: str = ""
