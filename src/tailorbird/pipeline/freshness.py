"""What goes out is true now: a queued message whose facts changed since it was built is built again."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from tailorbird.pipeline.build_messages import MessageBuilder
from tailorbird.ports.decision_store import DecisionStore
from tailorbird.ports.outbox import Outbox
from tailorbird.ports.trace_store import TraceStore
from tailorbird.types.consent import is_granted
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.message import Message
from tailorbird.types.profile import Profile

PURPOSES = ("personalization", "open_tracking")
"""The purposes that decide what a message may say, beside the one that decides whether it may be sent."""

Version = tuple[str, Hashable]
"""What messages are made of: the catalog's version, and which lines may be used."""

_NOBODY = Profile("")


class Freshness:
    """Rebuilds claimed messages right before they are sent, where it must.

    `built` are the keys of the messages that this process built itself, from `version` and `profiles`. Any other
    message is built again: nobody knows what an earlier process knew. So are all of them once another version is
    current (new prices, a line that was rejected), and each whose person's word on one of PURPOSES has changed. The
    row in the outbox and the trace are replaced with it. `person_of` leads from the id that a message was queued for to
    whom it belongs now. `open_builder` makes a builder of what is current.
    """

    def __init__(
        self,
        open_builder: Callable[[], MessageBuilder],
        version_now: Callable[[], Version],
        consents: Callable[[Sequence[str]], Mapping[str, Mapping[str, bool]]],
        profiles: Mapping[str, Profile],
        decisions: DecisionStore,
        outbox: Outbox,
        traces: TraceStore,
        now: Callable[[], datetime],
        built: frozenset[str],
        version: Version,
        person_of: Callable[[str], str] = str,
    ) -> None:
        self._open, self._version_now, self._consents = open_builder, version_now, consents
        self._profiles, self._decisions, self._outbox, self._traces = profiles, decisions, outbox, traces
        self._now, self._built, self._version, self._person_of = now, built, version, person_of
        self._builder: MessageBuilder | None = None

    def __call__(self, messages: Sequence[Message]) -> dict[str, Message | str]:
        """{idempotency key: the message built again, or why it cannot be sent}, without the messages that are fresh."""
        current = self._version_now()
        if current != self._version:
            self._version, self._built, self._builder = current, frozenset(), None
        said = self._consents([message.person_id for message in messages])
        answer: dict[str, Message | str] = {}
        traces = []
        for message in messages:
            profile = self._profiles.get(self._person_of(message.person_id), _NOBODY)
            now = replace(profile, consents=said.get(message.person_id, profile.consents))
            same = all(is_granted(now.consents, name) == is_granted(profile.consents, name) for name in PURPOSES)
            if same and message.idempotency_key in self._built:
                continue
            decision = self._decisions.get(message.decision_id)
            if decision is None or profile is _NOBODY:
                answer[message.idempotency_key] = "the person, or the decision, is gone"
                continue
            if self._builder is None:
                self._builder = self._open()
            try:
                built, stitched, _ = self._builder.build(decision, now, self._now())
            except TailorbirdError as error:
                answer[message.idempotency_key] = str(error)
                continue
            answer[message.idempotency_key] = built
            traces.append(self._builder.trace(decision, built, stitched, {"catalog": self._version[0]}))
        if answer:
            self._outbox.replace([built for built in answer.values() if isinstance(built, Message)])
            self._traces.replace(traces)
        return answer
