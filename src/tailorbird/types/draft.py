"""The draft: one line that a model or a person wrote for a brief, before judgement."""

from dataclasses import dataclass
from typing import Literal

Rung = Literal["model", "approved", "template"]


@dataclass(frozen=True, slots=True)
class Draft:
    """Slot-form text for a brief. `raw` is what the writer wrote before slotify; `rank` orders drafts (higher wins)."""

    draft_id: str
    brief_id: str
    text: str
    raw: str
    source: Rung
    model: str = ""
    model_digest: str = ""
    seed: int = 0
    tokens: int = 0
    latency_ms: float = 0.0
    cpu_seconds: float = 0.0
    cost_micros: int = 0
    rank: float = 0.0
