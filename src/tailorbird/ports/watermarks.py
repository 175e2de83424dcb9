"""The watermarks: how far each import from a database has come."""

from typing import Protocol


class Watermarks(Protocol):
    """One text for each source, replaced when what lies before it is safe."""

    def get(self, source: str) -> str | None:
        """The watermark of a source; None if it was never read."""
        ...

    def put(self, source: str, value: str, at: str) -> None:
        """Set the watermark of a source; `at` is when, as ISO 8601."""
        ...
