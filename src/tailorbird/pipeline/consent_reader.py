"""One person's last words, read while the log grows: for a server that must know of a no."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from tailorbird.pipeline.identities import Identities
from tailorbird.pipeline.withdrawals import Withdrawals
from tailorbird.ports.event_log import EventLog
from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.consent.effective import ConsentRules
from tailorbird.types.consent import Words
from tailorbird.types.settings import IdentitySettings

_FIRST = datetime(1971, 1, 1, tzinfo=UTC)


class ConsentReader:
    """Reads what is new since the last question; safe to share between threads.

    The first question opens the warehouse and reads the whole log. `log` is only read.
    """

    def __init__(
        self,
        open_warehouse: Callable[[], Warehouse],
        log: EventLog,
        rules: ConsentRules,
        identity: IdentitySettings,
        now: Callable[[], datetime],
    ) -> None:
        self._open, self._log, self._rules, self._identity, self._now = open_warehouse, log, rules, identity, now
        self._found: Withdrawals | None = None
        self._people = Identities()
        self._lock = threading.Lock()

    def __call__(self, person_id: str) -> Words:
        """A person's last words, up to two seconds old; {} of somebody who never spoke."""
        return self._read(person_id)

    def ids_of(self, person_id: str) -> Sequence[str]:
        """Every user id of a person's, by any of them, as of at most two seconds ago."""
        self._read(person_id)
        return self._people.ids_of(person_id)

    def _read(self, person_id: str) -> Words:
        with self._lock:
            return self._withdrawals().words(person_id)

    def concerned(self) -> list[str]:
        """Every id of the people whose words, or who themselves, are others than when this was asked last; at first
        of everybody who ever spoke. What the log holds now is read before the answer."""
        with self._lock:
            return self._withdrawals().concerned()

    def _withdrawals(self) -> Withdrawals:
        if self._found is None:
            self._found = Withdrawals(
                {}, "", "", self._rules, self._open(), self._log, _FIRST, self._now, self._people, self._identity
            )
        return self._found
