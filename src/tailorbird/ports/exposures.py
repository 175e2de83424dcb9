"""The exposures: what was told to models' vendors, written before it is told."""

from datetime import datetime
from typing import Protocol

from tailorbird.types.exposure import Exposure


class Exposures(Protocol):
    """One record per call of a model. A record is begun before the call, and ended once."""

    def begin(self, exposure: Exposure) -> None:
        """Record a call that is about to be made, or one that is not made (refused, or answered by the cache)."""
        ...

    def end(self, exposure: Exposure) -> None:
        """Record what became of a call: state, end, requests, tokens and reason."""
        ...

    def find(self, model: str | None = None, since: datetime | None = None) -> list[Exposure]:
        """The records, oldest first; of one model, or since a moment (aware)."""
        ...
