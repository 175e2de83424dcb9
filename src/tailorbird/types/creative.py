"""The creative: an approved, versioned line that can be decided on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from tailorbird.types.draft import Rung

Approval = Literal["pending", "approved", "rejected", "outdated", "rolled_back"]
"""'outdated': it states a fact of the catalog that is another now; 'rolled_back': a halt took it out of use. Both wait
for a person."""


@dataclass(frozen=True, slots=True)
class Creative:
    """Slot-form text with tags and its approval. `content_hash` covers the text: an edit voids the approval.

    `brief_id` is '' for lines that serve many briefs (approved lines, template lines); `approved_hash` is the
    content hash that was approved, so approval holds only while the two are equal.
    """

    creative_id: str
    brief_id: str
    campaign: str
    block: str
    locale: str
    text: str
    rung: Rung
    content_hash: str
    tags: Mapping[str, str] = field(default_factory=dict)
    approval: Approval = "pending"
    approved_hash: str = ""
    approved_by: str = ""
    version: int = 1

    @property
    def usable(self) -> bool:
        """Whether the line may be sent: approved, and not edited since."""
        return self.approval == "approved" and self.approved_hash == self.content_hash
