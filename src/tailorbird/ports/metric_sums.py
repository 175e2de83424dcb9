"""The metric sums: a campaign's outcomes as running sums, so that a read-out need not see people."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from tailorbird.types.day_sums import DaySums


class MetricSums(Protocol):
    """Running sums by campaign, arm, metric, stratum, day, locale and step."""

    def replace(self, campaign: str, days: Sequence[str], rows: Sequence[DaySums]) -> None:
        """Put `rows` in the place of everything of these days: whoever reads sees all of it or nothing."""
        ...

    def read(self, campaign: str, by: Sequence[str] = ("stratum", "day")) -> list[DaySums]:
        """A campaign's sums by arm, metric, and what `by` names of stratum, day, locale and step; over the others they
        are added."""
        ...

    def counted(self, campaign: str) -> Mapping[str, str]:
        """{day: the moment up to which its events are counted}."""
        ...
