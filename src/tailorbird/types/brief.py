"""The brief: what the copywriter, human or model, is told. It holds no personal data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

SubjectKind = Literal["default", "cell", "family", "cell_family"]
SlotType = Literal["text", "name", "money", "quantity", "date", "count"]


@dataclass(frozen=True, slots=True)
class Slot:
    """A typed fact that is filled at delivery: `item.price` of type money, from the catalog.

    `purpose` is the consent purpose the fact needs ('' for facts about no person). `required` slots must appear.
    """

    name: str
    type: SlotType
    source: str
    purpose: str = ""
    max_chars: int = 60
    required: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom or what a brief is about: attribute names and values in the lattice's order, and the lattice level."""

    kind: SubjectKind
    attributes: tuple[tuple[str, str], ...] = ()
    level: int = 0

    def label(self) -> str:
        """A readable name: 'last_family=kettles, tier=regular', or 'everyone'."""
        return ", ".join(f"{name}={value}" for name, value in self.attributes) or "everyone"


@dataclass(frozen=True, slots=True)
class Limits:
    """Hard limits on one block: characters after stitching."""

    max_chars: int
    min_chars: int = 1


@dataclass(frozen=True, slots=True)
class Brief:
    """One unit of writing. `brief_id` is the SHA-256 of its canonical content (stages/briefs/identity.py)."""

    brief_id: str
    campaign: str
    channel: str
    block: str
    subject: Subject
    locale: str
    reason: str
    slots: tuple[Slot, ...]
    limits: Limits
    voice_hash: str
    prompt: str
    prompt_hash: str
    exemplar_item_id: str | None = None
    facts: Mapping[str, str] | None = None
