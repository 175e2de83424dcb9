"""The feedback: what came back about messages, counted for whoever watches a campaign."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from tailorbird.types.feedback import Feedback, Tally


class FeedbackStore(Protocol):
    """Feedback by message and kind: the same twice counts once."""

    def record(self, rows: Sequence[Feedback]) -> int:
        """Keep what is new; how many rows that were."""
        ...

    def tallies(self, campaign: str, since: str, by_variant: bool = False) -> Mapping[str, Tally]:
        """{variant: what happened to the campaign's messages that were sent at or after `since`, and their feedback}.

        `since` is ISO 8601 in UTC. Unless `by_variant`, all are under ''.
        """
        ...

    def others(self, campaign: str, since: str) -> Tally:
        """The same of all other campaigns together."""
        ...

    def newest(self, campaign: str) -> str:
        """A mark that is another as soon as anything was recorded for the campaign."""
        ...
