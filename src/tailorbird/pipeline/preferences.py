"""One person's preferences: what is in force by purpose and channel, read for that person alone."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from tailorbird.pipeline.consent_ledger import UnknownRecordError, judge_all, purposes_of, show_consent
from tailorbird.pipeline.consent_reader import ConsentReader
from tailorbird.pipeline.consents import Consents
from tailorbird.pipeline.people import make_views
from tailorbird.pipeline.suppressing import UNSUBSCRIBED
from tailorbird.ports.event_log import EventLog
from tailorbird.ports.suppression_reasons import SuppressionReasons
from tailorbird.ports.suppressions import Suppressions
from tailorbird.ports.warehouse import Warehouse
from tailorbird.project.project import Project
from tailorbird.stages.audiences.eligibility import MAILBOX, mailbox_hash
from tailorbird.types.reserved import ANONYMOUS_PREFIX

Suppressed = Literal["", "unsubscribed", "blocked"]
"""Whether a channel is closed, whatever was consented to: by the person, who may open it again, or for another reason,
such as a complaint or a mailbox that does not exist, which no word of the person's lifts."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One purpose on one channel ('' where it has none) as it is now. `state` and `reason` are the consent ledger's."""

    purpose: str
    channel: str
    state: str
    reason: str
    last_word_at: str | None
    suppressed: Suppressed = ""

    @property
    def is_on(self) -> bool:
        """Whether it is allowed, as the person sees it: an unsubscription closes what a yes had opened."""
        return self.state == "granted" and self.suppressed != UNSUBSCRIBED


@dataclass(frozen=True, slots=True)
class Preferences:
    """A person's choices. `is_known`: the event log knows the person; of anybody else, it is what silence means."""

    person_id: str
    is_known: bool
    choices: tuple[Choice, ...]
    email: str = ""
    locale: str = ""


class PreferenceReader:
    """Reads preferences as `tailorbird consent show` does, over the events of one person; safe to share.

    The warehouse scans the log for the person's ids, and everything else is about these few events. Which ids are
    whose comes from `words`, so a merge acts after at most two seconds; what the person said is read anew each time.
    """

    def __init__(
        self,
        project: Project,
        open_warehouse: Callable[[], Warehouse],
        log: EventLog,
        words: ConsentReader,
        suppressions: Suppressions,
        reasons: SuppressionReasons,
        now: Callable[[], datetime],
    ) -> None:
        self._project, self._open, self._log, self._words, self._now = project, open_warehouse, log, words, now
        self._suppressions, self._reasons = suppressions, reasons
        self._warehouse: Warehouse | None = None
        self._lock = threading.Lock()
        self.settings = project.settings.consent
        self.offered: Mapping[str, tuple[str, ...]] = purposes_of(project)

    def ids_of(self, person_id: str) -> Sequence[str]:
        """Every user id of the person, this one included."""
        return self._words.ids_of(person_id)

    def read(self, person_id: str, address: str = "") -> Preferences:
        """What is in force now. `address` is where a message went: its mailbox may be closed too."""
        ids, now = self.ids_of(person_id), self._now()
        with self._lock:
            self._warehouse = self._warehouse or self._open()
            found = self._attach(self._warehouse, ids)
            email = locale = ""
            try:
                if not found:
                    raise UnknownRecordError("the event log is empty")
                told = show_consent(self._project, self._warehouse, person_id, now)
                person, in_force, known = told.person_id, told.in_force, True
                email, locale = next(iter(self._warehouse.rows(_profile(person))), ("", ""))
            except UnknownRecordError:
                person, known = person_id, False
                in_force = judge_all(self._project, Consents({}, {}, None), None, (), now)
        closed = self._closed(ids, address or email or "")
        choices = tuple(Choice(**one, suppressed=closed[one["channel"]]) for one in in_force if self._is_offered(one))
        return Preferences(person, known, choices, address or email or "", locale or "")

    def unsubscribed(self, person_id: str, channel: str, address: str = "") -> Iterator[tuple[str, str]]:
        """(name, list) of every suppression that the person made on a channel, and may lift."""
        ids = list(self.ids_of(person_id))
        for name, reason in self._reasons.reasons(ids, channel).items():
            if reason == UNSUBSCRIBED:
                yield name, channel
        # A message that was withdrawn has no address any more.
        if channel == "email" and (address := address or self.read(person_id).email):
            mailbox = mailbox_hash(address)
            if self._reasons.reasons([mailbox], MAILBOX).get(mailbox) == UNSUBSCRIBED:
                yield mailbox, MAILBOX

    def _is_offered(self, one: Mapping[str, str]) -> bool:
        channels = self.offered.get(one["purpose"])
        return channels is not None and (one["channel"] in channels or (not channels and not one["channel"]))

    def _closed(self, ids: Sequence[str], address: str) -> dict[str, Suppressed]:
        """{channel: why nothing goes out there}, '' for what has no channel too."""
        found: dict[str, Suppressed] = {"": ""}
        for channel in {channel for channels in self.offered.values() for channel in channels}:
            why = list(self._reasons.reasons(list(ids), channel).values())
            names = [*ids]
            if channel == "email" and address:
                mailbox = mailbox_hash(address)
                why += self._reasons.reasons([mailbox], MAILBOX).values()
                names.append(mailbox)
            if any(reason != UNSUBSCRIBED for reason in why):
                found[channel] = "blocked"
            elif why:
                found[channel] = "unsubscribed"
            else:  # the erased are on no list that can be read
                found[channel] = "blocked" if self._suppressions.among(names, channel) else ""
        return found

    def _attach(self, warehouse: Warehouse, ids: Sequence[str]) -> bool:
        """Make the views over the events of these ids, and of everybody on the same devices: they decide whose a
        device was. False: the log is empty."""
        segments = self._log.seal()
        if not segments:
            return False
        warehouse.attach("preference_segments", segments)
        theirs = f"user_id IN ({', '.join(map(_quoted, ids))})"
        devices = [_quoted(one.removeprefix(ANONYMOUS_PREFIX)) for one in ids if one.startswith(ANONYMOUS_PREFIX)]
        if devices:
            theirs += f" OR anonymous_id IN ({', '.join(devices)})"
        on_devices = f"SELECT anonymous_id FROM preference_segments WHERE ({theirs}) AND anonymous_id IS NOT NULL"
        warehouse.run(
            "CREATE OR REPLACE TABLE event_segments AS SELECT * FROM preference_segments "
            f"WHERE {theirs} OR anonymous_id IN ({on_devices})"
        )
        make_views(warehouse, "TABLE", self._project.settings.identity, self._project.settings.testers)
        return True


def _profile(person_id: str) -> str:
    return f"SELECT email, locale FROM people WHERE person_id = {_quoted(person_id)}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
