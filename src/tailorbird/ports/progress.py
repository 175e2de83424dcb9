"""Progress: what a long job says while it runs."""

from typing import Protocol


class Progress(Protocol):
    """A bar and lines on a terminal, or nothing; it never decides anything."""

    def stage(self, name: str, total: int | None = None) -> None:
        """A stage begins; `total` is its size in units of `advance`, None if unknown."""
        ...

    def advance(self, done: int = 1) -> None:
        """`done` more units of the current stage are finished."""
        ...

    def say(self, text: str) -> None:
        """One line of result."""
        ...
