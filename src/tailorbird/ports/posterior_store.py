"""The posterior store: what has been learned of each arm."""

from collections.abc import Mapping
from typing import Protocol


class PosteriorStore(Protocol):
    """Counts per arm of a campaign, replaced as a whole, with a version that decisions log."""

    def read(self, campaign: str) -> tuple[str, Mapping[str, tuple[float, float]]]:
        """(policy version, {creative_id: (successes, exposures)}); ('prior', {}) before the first learning."""
        ...

    def replace(self, campaign: str, version: str, arms: Mapping[str, tuple[float, float]]) -> None:
        """Publish new counts under a new version."""
        ...
