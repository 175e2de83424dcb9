"""Consent signals become words: what a browser's header, or a consent platform's string, says is a `Consent Updated`.

A word stands beside the event that carried the signal, in one commit. So one fold serves all words, and whoever reads
the log needs no decoder.
"""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from tailorbird.stages.consent.signals import GPC_HEADER, SignalWords, signals_of, words_of
from tailorbird.stages.events.event_line import CARRIES_CONSENT, EventLine, encode_lines
from tailorbird.stages.events.wire_rules import EventError, read_id
from tailorbird.types.event import Event, EventLines
from tailorbird.types.reserved import SIGNAL_PREFIXES, Signal
from tailorbird.types.settings import SignalSettings

REMEMBERED_MAX = 100_000
"""Browsers whose last strings are at hand; of one that is not, the same word may be written once more."""
REMEMBERED_FOR = timedelta(hours=1)
"""So long a word is taken to be in the log: its person may have been erased since, or the device changed hands."""
TEXT_CHARS_MAX = 8192
"""A string that is longer stands in the ledger by its hash alone."""
_ID_CHARS = 32


class _Carrier(msgspec.Struct):
    """Of a line for the log what a signal in it needs."""

    type: str
    message_id: str
    timestamp: datetime
    received_at: datetime
    context: dict[str, Any]
    user_id: str | None = None
    anonymous_id: str | None = None

    def speaker(self) -> "_Speaker":
        # The former id of an alias may be a user's: beside another's it would tell who was on which device.
        device = None if self.type == "alias" else self.anonymous_id
        return _Speaker(self.user_id, device, self.context.get("test") in (True, "true"))


@dataclass(frozen=True, slots=True)
class _Speaker:
    """For whom a signal speaks; what a test says counts nowhere."""

    user_id: str | None
    anonymous_id: str | None
    is_test: bool

    def apart(self) -> Iterator["_Speaker"]:
        """The user and the browser, each alone."""
        if self.user_id:
            yield _Speaker(self.user_id, None, self.is_test)
        if self.anonymous_id:
            yield _Speaker(None, self.anonymous_id, self.is_test)


_CARRIER = msgspec.json.Decoder(_Carrier)


class _Last(NamedTuple):
    """The hash of what a browser carried last, when it did, and when that was last written as a word."""

    digest: str
    at: datetime
    written_at: datetime


_Latest = Mapping[tuple[Signal, _Speaker], _Last]


@dataclass(frozen=True, slots=True)
class Heard:
    """The events of a request with the words that were made of its signals, and the last string of each browser."""

    events: EventLines
    latest: _Latest = field(default_factory=dict)


class ConsentSignals:
    """Makes words of signals by the project's `consent.signals`. Use it from one thread.

    It remembers for an hour what each browser carried last, so that one that says the same with every event is not
    written each time. That is thrift, little rests on it: the fold of words takes a repeated string for one choice.
    """

    def __init__(
        self, settings: SignalSettings, honoured_since: date | None = None, remembered_max: int = REMEMBERED_MAX
    ) -> None:
        """`honoured_since` is the day on which the settings last changed."""
        self._settings, self.honoured_since, self._max = settings, honoured_since, remembered_max
        self.reads_strings = bool(settings.tcf or settings.gpp or settings.categories)
        self._last: OrderedDict[tuple[Signal, _Speaker], _Last] = OrderedDict()

    @property
    def honours_gpc(self) -> bool:
        """Whether Global Privacy Control ends anything in this project."""
        return bool(self._settings.gpc)

    def hear(
        self,
        events: EventLines,
        gpc_at: datetime | None = None,
        refused: Sequence[bytes] = (),
        is_test: bool = False,
        silent: bool = False,
    ) -> Heard:
        """The events, and after them the words of what they carry; `remember` the answer once it is on disk.

        `gpc_at` (aware) is when the header came with them: it speaks for everybody whom the request names, also in an
        event that was `refused` (as it came, `is_test` with it). `silent`: no string is in them, for sure.
        """
        if gpc_at is None and (silent or not (self.reads_strings and CARRIES_CONSENT in events.lines)):
            return Heard(events)
        lines = events.lines.splitlines()
        latest: dict[tuple[Signal, _Speaker], _Last] = {}
        words: list[EventLine] = []
        if self.reads_strings:
            words += self._of_strings([_CARRIER.decode(line) for line in lines if CARRIES_CONSENT in line], latest)
        if gpc_at is not None and self.honours_gpc:
            speakers = [_CARRIER.decode(line).speaker() for line in lines]
            speakers += [_refused_speaker(raw, is_test) for raw in refused]
            each = dict.fromkeys(one for speaker in speakers for one in speaker.apart())
            words += [self._of_header(one, gpc_at) for one in each]
        ids = (*events.message_ids, *(word.message_id for word in words))
        return Heard(EventLines(ids, events.lines + encode_lines(words)), latest)

    def remember(self, heard: Heard) -> None:
        """Take note of what is on disk now."""
        for key, last in heard.latest.items():
            if key not in self._last or self._last[key].at <= last.at:
                self._last[key] = last
                self._last.move_to_end(key)
        while len(self._last) > self._max:
            self._last.popitem(last=False)

    def gpc_words(self, user_id: str, moment: datetime, received_at: datetime) -> list[Event]:
        """What the header says for one user; nothing where the project gives it no meaning."""
        if not self.honours_gpc:
            return []
        word = self._of_header(_Speaker(user_id, None, False), moment)
        return [Event(**{**msgspec.structs.asdict(word), "received_at": received_at})]

    def _of_header(self, speaker: _Speaker, moment: datetime) -> EventLine:
        """One a day: the browser says it with each request. User and browser have words of their own, because a word
        that bore both ids would tell who was on a device, at a moment when perhaps nobody was."""
        words = words_of("gpc", "", self._settings)
        return _word("gpc", f"{GPC_HEADER}: 1", f"{moment:%Y-%m-%d}", speaker, words, moment, moment)

    def _of_strings(
        self, carriers: Sequence[_Carrier], latest: dict[tuple[Signal, _Speaker], _Last]
    ) -> Iterator[EventLine]:
        """A word for each string that is not the one that its browser carried before."""
        for carrier in sorted(carriers, key=lambda one: one.timestamp):
            speaker = carrier.speaker()
            for signal, text in signals_of(carrier.context, self._settings):
                key, digest, at = (signal, speaker), _sha256(text), carrier.timestamp
                last = latest.get(key) or self._last.get(key)
                if last is not None and at < last.at:
                    continue  # It comes late: another is the last word by now.
                if last is not None and last.digest == digest and at - last.written_at < REMEMBERED_FOR:
                    latest[key] = last._replace(at=at)
                    continue
                latest[key] = _Last(digest, at, at)
                words = words_of(signal, text, self._settings)
                yield _word(signal, text, carrier.message_id, speaker, words, at, carrier.received_at)


def _word(
    signal: Signal,
    text: str,
    occasion: str,
    speaker: _Speaker,
    words: SignalWords,
    timestamp: datetime,
    received_at: datetime,
) -> EventLine:
    """The word of a signal; the same for the same `occasion`, so that it counts once whatever is sent again."""
    properties: dict[str, Any] = {"consents": dict(words.consents), "method": signal, "evidence": _sha256(text)}
    if words.reason:
        properties["signal_reason"] = words.reason
    if signal != "gpc" and len(text) <= TEXT_CHARS_MAX:
        properties[signal] = text
    told = [speaker.user_id, speaker.anonymous_id, speaker.is_test, occasion, properties]
    return EventLine(
        "track",
        SIGNAL_PREFIXES[signal] + _sha256(json.dumps(told, sort_keys=True))[:_ID_CHARS],
        timestamp,
        received_at,
        speaker.user_id,
        speaker.anonymous_id,
        "Consent Updated",
        properties,
        {},
        {"test": True} if speaker.is_test else {},
    )


def _refused_speaker(raw: bytes, is_test: bool) -> _Speaker:
    """Whom an event names that was refused, as far as that can be read."""
    try:
        told = json.loads(raw)
    except (ValueError, RecursionError):
        told = None
    shared: Any = None
    if isinstance(told, dict) and isinstance(told.get("batch"), list):
        shared = told.get("context")
        told = next(iter(told["batch"]), None)
    if not isinstance(told, dict):
        return _Speaker(None, None, is_test)
    # As with events that are taken: a batch's context is that of the events without one.
    contexts: tuple[Any, ...] = (told.get("context"), shared)
    context = next((one for one in contexts if isinstance(one, dict)), {})
    marked = context.get("test") in (True, "true")
    device = None if told.get("type") == "alias" else _refused_id(told.get("anonymousId"), "anonymousId")
    return _Speaker(_refused_id(told.get("userId"), "userId"), device, is_test or marked)


def _refused_id(value: object, name: str) -> str | None:
    if not isinstance(value, str | int) or isinstance(value, bool):
        return None
    try:
        return read_id(value, name)
    except EventError:
        return None


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
