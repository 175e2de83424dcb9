"""The draft: one line that a model or a person wrote for a brief, before judgement."""

from dataclasses import dataclass
from typing import Literal

from tailorbird.types.verdict import Finding, Status

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


@dataclass(frozen=True, slots=True)
class Step:
    """One step on the way to a line, with the text at its end and what was found in it: 'draft' is a model's first
    answer, 'regenerate' its answer after it was told what was wrong, 'repair' what was mended without it."""

    step: Literal["draft", "regenerate", "repair"]
    text: str
    status: Status
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Objection:
    """What was wrong with a draft, as its writer is told: the words, and why; `words` are '' for the whole line.

    `type` is the finding's, so that a prompt can say it in its own language.
    """

    words: str
    reason: str
    type: str
