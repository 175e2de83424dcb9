"""What goes out is true now: a queued message whose facts changed since it was built is built again."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from tailorbird.pipeline.build_messages import MessageBuilder
from tailorbird.ports.decision_store import DecisionStore
from tailorbird.ports.outbox import Outbox
from tailorbird.ports.trace_store import TraceStore
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.message import Message
from tailorbird.types.profile import Profile

PURPOSES = ("personalization", "open_tracking")
"""The purposes that decide what a message may say, beside the one that decides whether it may be sent."""

_NOBODY = Profile("")


class Freshness:
    """Rebuilds claimed messages right before they are sent, where it must.

    A message is built again if an earlier process built it (`resumed`), if another catalog version is current, or if
    its person's word on one of PURPOSES is another than when it was built. The row in the outbox and the trace are
    replaced with it. `open_builder` gives (catalog version, builder) for the catalog as it is now.
    """

    def __init__(
        self,
        open_builder: Callable[[], tuple[str, MessageBuilder]],
        version_now: Callable[[], str],
        consents: Callable[[Sequence[str]], Mapping[str, Mapping[str, bool]]],
        profiles: Mapping[str, Profile],
        decisions: DecisionStore,
        outbox: Outbox,
        traces: TraceStore,
        resumed: bool,
    ) -> None:
        self._open, self._version_now, self._consents = open_builder, version_now, consents
        self._profiles, self._decisions, self._outbox, self._traces = profiles, decisions, outbox, traces
        self._version = version_now()
        self._builder: MessageBuilder | None = None
        self._all = resumed

    def __call__(self, messages: Sequence[Message]) -> dict[str, Message | str]:
        """{idempotency key: the message built again, or why it cannot be sent}, without the messages that are fresh."""
        if self._version_now() != self._version:
            self._version, self._builder = self._open()
            self._all = True
        said = self._consents([message.person_id for message in messages])
        answer: dict[str, Message | str] = {}
        traces = []
        for message in messages:
            profile = self._profiles.get(message.person_id, _NOBODY)
            now = replace(profile, consents={**profile.consents, **said.get(message.person_id, {})})
            if not self._all and all(now.consents.get(p) == profile.consents.get(p) for p in PURPOSES):
                continue
            decision = self._decisions.get(message.decision_id)
            if decision is None or profile is _NOBODY:
                answer[message.idempotency_key] = "the person, or the decision, is gone"
                continue
            if self._builder is None:
                self._version, self._builder = self._open()
            try:
                built, stitched, _ = self._builder.build(decision, now, decision.decided_at)
            except TailorbirdError as error:
                answer[message.idempotency_key] = str(error)
                continue
            answer[message.idempotency_key] = built
            traces.append(self._builder.trace(decision, built, stitched, {"catalog": self._version}))
        self._outbox.replace([built for built in answer.values() if isinstance(built, Message)])
        self._traces.replace(traces)
        return answer
