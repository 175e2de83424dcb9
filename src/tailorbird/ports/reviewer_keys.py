"""Keys of the review API: who a key stands for. The keys themselves are kept nowhere."""

from typing import Protocol

from tailorbird.types.review import ReviewerKey


class ReviewerKeys(Protocol):
    """Keys by their digest."""

    def add(self, key: ReviewerKey) -> None:
        """Keep a new key."""
        ...

    def find(self, digest: str) -> ReviewerKey | None:
        """The key with this digest, a revoked one too."""
        ...

    def every(self) -> list[ReviewerKey]:
        """Every key, oldest first."""
        ...

    def revoke(self, name: str, at: str) -> int:
        """End every key of one person that still holds; how many did."""
        ...
