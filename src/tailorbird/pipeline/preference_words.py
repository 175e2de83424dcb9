"""What a person says on the preference page, or by the preference API: its event, and what follows from it at once."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tailorbird.pipeline.preferences import PreferenceReader
from tailorbird.pipeline.suppressing import UNSUBSCRIBED
from tailorbird.pipeline.withdraw_waiting import withdraw_waiting
from tailorbird.ports.suppressions import Suppressions
from tailorbird.ports.waiting_messages import WaitingMessages
from tailorbird.project.source import nearest
from tailorbird.stages.audiences.eligibility import MAILBOX, mailbox_hash
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.event import Event

Spoken = Mapping[tuple[str, str], bool]
"""{(purpose, channel): yes or no}; '' channel for the whole purpose."""

LIFTED = "said yes on the preference page"


class PreferenceError(TailorbirdError):
    """A purpose or channel that the project does not have; the message names the nearest one."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks. `is_own`: the person, by a signed link; so a yes may lift what the person closed.

    `address` and `channel` are those of the message whose link it is, '' without one.
    """

    person_id: str
    is_own: bool
    method: str
    address: str = ""
    channel: str = ""
    notice: Mapping[str, str] = field(default_factory=dict)


def read_spoken(consents: Mapping[str, bool | Mapping[str, bool]], offered: Mapping[str, Sequence[str]]) -> Spoken:
    """What `consents`, in the shape of `Consent Updated`, says. PreferenceError: of what the project does not have."""
    spoken: dict[tuple[str, str], bool] = {}
    for purpose, told in consents.items():
        if purpose not in offered:
            raise PreferenceError(f"no purpose {purpose!r}{nearest(purpose, list(offered))}")
        for channel, given in told.items() if isinstance(told, Mapping) else [("", told)]:
            if channel not in offered[purpose] and not (channel == "" and not isinstance(told, Mapping)):
                known = nearest(channel, offered[purpose]) or "; it has none: say true or false of the whole purpose"
                raise PreferenceError(f"{purpose} has no channel {channel!r}{known}")
            spoken[purpose, channel] = given
    if not spoken:
        raise PreferenceError("consents says nothing: name a purpose, such as " + next(iter(offered), "none"))
    return spoken


@dataclass(frozen=True, slots=True)
class PreferenceWords:
    """Makes the event of what somebody said, and does what cannot wait for the next run."""

    reader: PreferenceReader
    suppressions: Suppressions
    waiting: WaitingMessages

    def complete(self, speaker: Speaker, spoken: Spoken) -> Spoken:
        """With a yes, the channel that the person had left opens: for nothing but what was said yes to."""
        if not speaker.is_own:
            return spoken
        said = dict(spoken)
        for channel in self._opened(spoken):
            if any(True for _ in self.reader.unsubscribed(speaker.person_id, channel, speaker.address)):
                for purpose, channels in self.reader.offered.items():
                    if channel in channels and (purpose, "") not in spoken:
                        said.setdefault((purpose, channel), False)
        return said

    def event(self, speaker: Speaker, spoken: Spoken, moment: datetime, more: Mapping[str, Any]) -> Event:
        """The one `Consent Updated` that says all of it."""
        consents: dict[str, Any] = {}
        for (purpose, channel), given in spoken.items():
            if not channel:
                consents[purpose] = given
            elif not isinstance(consents.get(purpose), bool):
                consents.setdefault(purpose, {})[channel] = given
        properties = {"consents": consents, "method": speaker.method, "notice": dict(speaker.notice), **more}
        told = json.dumps([speaker.person_id, moment.isoformat(), properties], sort_keys=True)
        return Event(
            type="track",
            message_id=hashlib.sha256(f"preferences\0{told}".encode()).hexdigest()[:32],
            timestamp=moment,
            received_at=moment,
            user_id=speaker.person_id,
            event="Consent Updated",
            properties=properties,
        )

    def close(self, speaker: Speaker, spoken: Spoken, moment: datetime, everything: bool = False) -> None:
        """Empty the queue of what was said no to; `everything` also suppresses person and mailbox, as the one-click
        unsubscription does. It needs no event log, so a full disk does not keep it from acting."""
        if everything and speaker.channel:
            self.suppressions.add(speaker.person_id, speaker.channel, UNSUBSCRIBED, moment.isoformat())
            if speaker.address:
                self.suppressions.add(mailbox_hash(speaker.address), MAILBOX, UNSUBSCRIBED, moment.isoformat())
        no = {key for key, given in spoken.items() if not given}
        if no:
            withdraw_waiting(
                self.waiting,
                self._ids(speaker.person_id),
                lambda each: (each.purpose, each.channel) in no or (each.purpose, "") in no,
                moment,
                UNSUBSCRIBED,
            )

    def open(self, speaker: Speaker, spoken: Spoken, moment: datetime) -> None:
        """Lift what the person had closed on the channels that now have a yes, and nothing that others closed. Only
        after the yes is on disk."""
        if speaker.is_own:
            for channel in self._opened(spoken):
                for name, listed in list(self.reader.unsubscribed(speaker.person_id, channel, speaker.address)):
                    self.suppressions.remove(name, listed, LIFTED, moment.isoformat())

    def _opened(self, spoken: Spoken) -> list[str]:
        yes = [key for key, given in spoken.items() if given]
        channels = (self.reader.offered[purpose] if not channel else (channel,) for purpose, channel in yes)
        return sorted({one for each in channels for one in each})

    def _ids(self, person_id: str) -> Sequence[str]:
        try:
            return self.reader.ids_of(person_id)
        except TailorbirdError:
            return [person_id]  # a log that cannot be read must not keep the queue full
