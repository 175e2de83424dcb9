"""Erasing a person: every store in turn, resumable after a crash, safe beside runs and servers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from tailorbird.ports.audit_log import AuditLog
from tailorbird.ports.progress import Progress
from tailorbird.types.audit import AuditEntry
from tailorbird.types.person import Person


class Ledger(Protocol):
    """What is still to do of erasures that were begun."""

    def begin(self, person: Person, reason: str, at: datetime) -> str:
        """Record that a person is to be erased; the erasure's id."""
        ...

    def pending(self) -> list[tuple[str, Person | None, Mapping[str, Any]]]:
        """(id, person, steps done) of erasures that are not done."""
        ...

    def finish_step(self, erasure_id: str, name: str, detail: Any) -> None:
        """Record that a step is done."""
        ...

    def forget_person(self, erasure_id: str) -> None:
        """Let go of the person: only pages are left to do."""
        ...

    def finish(self, erasure_id: str) -> None:
        """The erasure is done."""
        ...


@dataclass(frozen=True)
class Step:
    """One store: its name, and what erases a person there and says what it did. Doing it again does no harm."""

    name: str
    erase: Callable[[Person], Any]


@dataclass(frozen=True)
class Erasure:
    """What was done for one person, step by step."""

    erasure_id: str
    steps: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Eraser:
    """Erases people from every store of `steps`, then the pages; the ledger knows how far each erasure came.

    The first step must suppress the person: from then on nobody writes to them, nor about them.
    """

    steps: Sequence[Step]
    compact: Callable[[], None]
    ledger: Ledger
    audit: AuditLog

    def erase(self, person: Person, reason: str, now: datetime, progress: Progress) -> Erasure:
        """Erase a person: each step in turn. Killed at any moment, `resume` goes on.

        The reason is kept in the ledger without the person's names; the audit log says that somebody was erased, and
        not who.
        """
        for name in sorted(person.names(), key=len, reverse=True):
            reason = reason.replace(name, "(erased)") if len(name) >= 3 else reason
        erasure_id = self.ledger.begin(person, reason, now)
        begun = {"erasure": erasure_id, "reason": reason}
        self.audit.append([AuditEntry("erasure", f"{erasure_id}|begun", now, begun)])
        return self._go_on(erasure_id, person, {}, now, progress)

    def resume(self, now: datetime, progress: Progress) -> list[Erasure]:
        """Finish every erasure that was cut short; those."""
        pending = self.ledger.pending()
        return [self._go_on(erasure_id, person, done, now, progress) for erasure_id, person, done in pending]

    def _go_on(
        self, erasure_id: str, person: Person | None, done: Mapping[str, Any], now: datetime, progress: Progress
    ) -> Erasure:
        told = dict(done)
        if person is not None:
            for step in self.steps:
                if step.name in told:
                    continue
                progress.stage(f"erase {step.name}")
                told[step.name] = step.erase(person)
                self.ledger.finish_step(erasure_id, step.name, told[step.name])
            self.ledger.forget_person(erasure_id)
        progress.stage("erase pages")
        self.compact()
        self.ledger.finish(erasure_id)
        finished = {"erasure": erasure_id, "steps": sorted(told)}
        self.audit.append([AuditEntry("erasure", f"{erasure_id}|done", now, finished)])
        return Erasure(erasure_id, told)
