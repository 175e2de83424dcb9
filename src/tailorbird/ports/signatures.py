"""The signatures: who approved which checkpoint of a pilot."""

from typing import Protocol

from tailorbird.types.pilot import Signature


class Signatures(Protocol):
    """Signatures by pilot, checkpoint and person."""

    def sign(self, signature: Signature) -> None:
        """Keep a signature, or put it in the place of the same person's earlier one."""
        ...

    def find(self, pilot: str) -> list[Signature]:
        """Every signature of a pilot, oldest first."""
        ...
