"""The campaign version: the lines and prompts that a run used, so that a rollback can return to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tailorbird.types.prompt import Prompt

VersionState = Literal["running", "good", "rolled_back"]


@dataclass(frozen=True, slots=True)
class CampaignVersion:
    """What could be sent: `lines` maps each approved creative to the hash of its text, `prompts` are whole, by name.

    `version` is the hash of both. 'running' until a later run begins without a halt ('good'), or until a halt takes it
    back ('rolled_back'). `at` is when it was first used, ISO 8601 in UTC.
    """

    campaign: str
    version: str
    at: str
    lines: Mapping[str, str]
    prompts: Mapping[str, Prompt]
    state: VersionState = "running"
