"""The last checks: what every message must pass right before it leaves, however long ago it was decided."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

from tailorbird.pipeline.address_mates import AddressMates
from tailorbird.ports.decision_store import DecisionStore
from tailorbird.types.campaign import Campaign
from tailorbird.types.message import Message


class LastChecks:
    """Age, consent and suppressions, one message per address and person, the cap, and whether what a message says is
    still true.

    `decided_at` is the moment of the campaign step's decisions. The cap is counted anew by the moment of sending: a
    message that waited may have been overtaken. `gives_way` tells why another message of the same person goes first.
    `facts_now` tells which facts are current.
    `expires` is False in a replay, whose clock stands still.
    """

    def __init__(
        self,
        campaign: Campaign,
        mates: AddressMates,
        decisions: DecisionStore,
        freshen: Callable[[Sequence[Message]], Mapping[str, Message | str]],
        now: Callable[[], datetime],
        decided_at: datetime,
        expires: bool,
        gives_way: Callable[[Message], str] = lambda message: "",
        facts_now: Callable[[], str] = str,
    ) -> None:
        self._campaign, self._mates, self._freshen, self._now = campaign, mates, freshen, now
        self._expires_at = decided_at + timedelta(hours=campaign.expires_hours) if expires else None
        since = now() - timedelta(days=campaign.caps.days)
        self._recent = Counter(person for person, _ in decisions.recent(since))
        self._gives_way, self._facts_now = gives_way, facts_now
        self._facts = ""
        self._own = int(decided_at >= since)  # this step's own message is among them, and counts against nobody

    def __call__(self, messages: Sequence[Message]) -> dict[str, Message | str]:
        """{idempotency key: the message built again, or why it must not go out}, without those that may go as they
        are."""
        self._facts = self._facts_now()  # before they are read: what changes in between is looked at again
        if self._expires_at is not None and self._now() > self._expires_at:
            why = f"too old: decided more than {self._campaign.expires_hours} hours ago"
            return {message.idempotency_key: why for message in messages}
        refused = self._mates.refuse([message.person_id for message in messages])
        ruled: dict[str, Message | str] = {}
        for message in messages:
            if message.person_id in refused:
                ruled[message.idempotency_key] = refused[message.person_id]
            elif why := self._gives_way(message):
                ruled[message.idempotency_key] = why
            elif self._is_over_the_cap(message.person_id):
                ruled[message.idempotency_key] = "capped: others of our messages came first"
        ruled.update(self._freshen([message for message in messages if message.idempotency_key not in ruled]))
        return ruled

    def moved(self) -> bool:
        """Whether other facts are current than when the last messages were checked."""
        return self._facts_now() != self._facts

    def _is_over_the_cap(self, person_id: str) -> bool:
        all_told = sum(self._recent.get(mate, 0) for mate in self._mates.of(person_id))
        return all_told - self._own >= self._campaign.caps.messages
