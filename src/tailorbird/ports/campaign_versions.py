"""The campaign versions: which lines and prompts runs used, and how that went."""

from typing import Protocol

from tailorbird.types.campaign_version import CampaignVersion, VersionState


class CampaignVersions(Protocol):
    """Versions by campaign and hash."""

    def save(self, version: CampaignVersion) -> None:
        """Keep a version, or set the time and the state of one that is there."""
        ...

    def mark(self, campaign: str, version: str, state: VersionState) -> None:
        """Set the state of one version."""
        ...

    def find(self, campaign: str) -> list[CampaignVersion]:
        """The campaign's versions, oldest first."""
        ...
