"""The halts: which campaigns may not send, asked by every process that sends."""

from typing import Protocol

from tailorbird.types.halt import Halt


class Halts(Protocol):
    """Halts by campaign, kept for ever; at most one holds at a time."""

    def halt(self, halt: Halt) -> bool:
        """Halt a campaign; False, and nothing changed, where a halt holds already: of two at once one is made."""
        ...

    def active(self, campaign: str) -> Halt | None:
        """The halt that holds now."""
        ...

    def release(self, campaign: str, at: str, by: str) -> bool:
        """End the halt that holds; False where there is none."""
        ...

    def history(self, campaign: str | None = None) -> list[Halt]:
        """Every halt, oldest first."""
        ...
