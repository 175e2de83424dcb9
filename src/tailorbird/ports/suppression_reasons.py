"""Why somebody is suppressed: for whoever must tell a person's own no from a relay's, or an operator's."""

from collections.abc import Sequence
from typing import Protocol


class SuppressionReasons(Protocol):
    """Reads the suppression list; `Suppressions` writes it."""

    def reasons(self, names: Sequence[str], channel: str) -> dict[str, str]:
        """{name: reason} of those who are on the list of a channel. The erased are not told: nobody knows them."""
        ...
