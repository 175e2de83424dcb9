"""The run ledger: which step of which run is done."""

from collections.abc import Mapping
from typing import Any, Protocol


class RunLedger(Protocol):
    """A run resumes after a crash by skipping the steps that are recorded here."""

    def begin(self, run_id: str, campaign: str, step: str, as_of: str) -> Mapping[str, Any]:
        """Start or resume a run; its record: run_id, campaign, step, as_of, status, steps {name: detail}."""
        ...

    def restart(self, run_id: str, as_of: str) -> None:
        """Give a run that has decided nothing yet another moment, and forget its steps."""
        ...

    def finish_step(self, run_id: str, name: str, detail: Mapping[str, Any]) -> None:
        """Record that a step is done, with its counts."""
        ...

    def finish(self, run_id: str) -> None:
        """Record that the whole run is done."""
        ...

    def runs(self, campaign: str | None = None) -> list[Mapping[str, Any]]:
        """Records of all runs, oldest first."""
        ...
