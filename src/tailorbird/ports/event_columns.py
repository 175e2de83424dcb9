"""Columns of the event log: what features read, kept sorted by person and time beside the segments."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Protocol

from tailorbird.types.event_columns import ColumnPart, ColumnPlan, EventFacts


class EventColumns(Protocol):
    """Derived from the segments, made where they are missing or no longer fit, and never asked for what is true."""

    def facts(self, segments: Sequence[Path]) -> EventFacts | None:
        """What the views need to know of all events; None if the segments hold a message id more than once.

        The files are there until the next call.
        """
        ...

    def open(self, segments: Sequence[Path], plan: ColumnPlan, excluded: Collection[str]) -> Sequence[ColumnPart]:
        """The columns of these segments, oldest part first; each event once, by the rule of `firsts_query`.

        `excluded` are message ids of events that do not count; parts that are kept may have been made with others,
        and then say with which. The arrays stay valid when the files go.
        """
        ...
