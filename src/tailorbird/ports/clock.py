"""The clock."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time, so that a run can be replayed at another moment."""

    def now(self) -> datetime:
        """The current moment, aware, in UTC."""
        ...
