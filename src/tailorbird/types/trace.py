"""The trace: the ids and hashes that lead from one message back to consent and on to the outcome."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Trace:
    """Written once per message. `stages` maps a stage's name to its ids, versions and hashes, in flow order."""

    message_id: str
    decision_id: str
    stages: Mapping[str, Mapping[str, Any]]
