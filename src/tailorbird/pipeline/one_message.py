"""One message for each person and step, also where several ids that got one turn out to be one person."""

from collections.abc import Mapping
from dataclasses import replace

from tailorbird.pipeline.identities import Identities
from tailorbird.pipeline.merged_state import standing_decision
from tailorbird.ports.decision_store import DecisionStore
from tailorbird.ports.message_index import MessageIndex
from tailorbird.stages.channels.email_message import idempotency_key, message_id
from tailorbird.types.campaign import Campaign
from tailorbird.types.decision import Decision
from tailorbird.types.message import Message

_LEFT = ("sent", "unknown")


class OneMessage:
    """Tells right before a message leaves whether another of the same person's goes out instead, or went already.

    `decisions` are the store's own, under the ids that people had when they were made; who is whom is asked of
    `identities` each time, because a merge may become known while a run sends. Of two messages that are in one chunk
    while it does, both may leave.
    """

    def __init__(
        self, campaign: Campaign, decisions: DecisionStore, messages: MessageIndex, identities: Identities
    ) -> None:
        self._campaign, self._decisions, self._messages = campaign, decisions, messages
        self._identities = identities
        self._by_id: Mapping[str, Decision] | None = None

    def __call__(self, message: Message) -> str:
        """Why this message must not go out; '' if it may."""
        if len(self._identities.ids_of(message.person_id)) == 1:
            return ""
        if self._by_id is None:  # decisions never change; without their slates, because there may be a million
            found = self._decisions.find(self._campaign.name, self._campaign.step)
            self._by_id = {decision.person_id: replace(decision, slate=()) for decision in found}
        mine = [self._by_id[each] for each in self._identities.ids_of(message.person_id) if each in self._by_id]
        if not mine:
            return ""
        standing = standing_decision(mine, self._identities.person_of(message.person_id))
        if standing.arm == "holdout":
            return "the person is one with somebody who is held out"
        if standing.decision_id != message.decision_id:
            return "another message of this step goes to this person"
        if any(self._has_left(decision) for decision in mine if decision is not standing):
            return "another message of this step went to this person"
        return ""

    def _has_left(self, decision: Decision) -> bool:
        found = self._messages.find(message_id(idempotency_key(decision.decision_id, self._campaign.channel)))
        return found is not None and found.state in _LEFT
