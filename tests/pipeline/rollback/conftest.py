"""A shop whose first run is over, with what halts its campaign."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.pipeline.rollback.halting import Rollback
from tailorbird.pipeline.state import State
from tailorbird.stages.review.policy import content_hash
from tailorbird.types.campaign import Campaign
from tailorbird.types.creative import Creative
from tailorbird.types.feedback import Feedback, FeedbackKind
from tailorbird.types.guardrail import RollbackSpec


@dataclass
class Sent:
    """What the first run sent, and what may be done to it."""

    rollback: Rollback
    campaign: Campaign
    now: datetime

    @property
    def state(self) -> State:
        return self.rollback.state

    def messages(self) -> list[str]:
        """The ids of the messages that were sent."""
        from tailorbird.stages.channels.email_message import idempotency_key, message_id

        treated = [d for d in self.state.decisions.find("win_back") if d.arm == "treatment"]
        return [message_id(idempotency_key(d.decision_id, "email")) for d in treated]

    def heard(self, kind: FeedbackKind, count: int) -> None:
        """So many messages meet this."""
        at = self.now.isoformat()
        self.state.feedback.record([Feedback(one, kind, "win_back", at) for one in self.messages()[:count]])

    def line(self, name: str) -> Creative:
        """A line of a model, approved by a person."""
        digest = content_hash(name)
        made = Creative(name, "", "win_back", "subject", "en-GB", name, "model", digest, {}, "approved", digest)
        self.state.creatives.save([made], {name: {"model": {"name": "a-model", "digest": "d1"}}})
        return made

    def watching(self, **spec: Any) -> Campaign:
        """The campaign with other limits."""
        return replace(self.campaign, rollback=replace(RollbackSpec(), **spec))


@pytest.fixture
def sent(ran: Any) -> Sent:
    project = ran.project
    now = datetime.now(UTC) + timedelta(minutes=1)
    return Sent(Rollback(project, bootstrap.open_state(project), "tests"), project.campaign("win_back"), now)
