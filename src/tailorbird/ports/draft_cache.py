"""The draft cache: exact answers of a model to an exact request."""

from typing import Protocol

from tailorbird.types.completion import Completion


class DraftCache(Protocol):
    """Keyed by the hash of the request and the model. Holds slot-form or exemplar text only, never a person's data."""

    def get(self, key: str) -> Completion | None:
        """The stored completion, or None."""
        ...

    def put(self, key: str, completion: Completion) -> None:
        """Store a completion; the first one stays."""
        ...
