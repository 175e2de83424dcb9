"""Watching campaigns while the server runs: a thread that halts what goes wrong, whichever process sends it."""

import time
from collections.abc import Callable, Sequence

from tailorbird.pipeline.rollback.guardrail_watch import OpenEvents, check_everything
from tailorbird.pipeline.rollback.halting import Rollback
from tailorbird.pipeline.rollback.watching import CampaignWatch
from tailorbird.ports.clock import Clock
from tailorbird.types.campaign import Campaign
from tailorbird.web.loop import LOGGER, Loop

EVERY_S = 2.0
GUARDRAILS_EVERY_S = 300.0
GUARDRAILS_REST = 50.0
"""After a reading of the guardrails that took t seconds the next one waits at least so many times t."""


class WatchingLoop(Loop):
    """Looks at a campaign as soon as something new came back about its messages, and at its guardrails in between.

    What fails, also by a defect, is tried again a moment later.
    """

    def __init__(
        self,
        rollback: Rollback,
        campaigns: Sequence[Campaign],
        open_events: OpenEvents,
        clock: Clock,
        every_s: float = EVERY_S,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__("watching campaigns", every_s)
        self._rollback, self._open_events, self._clock, self._monotonic = rollback, open_events, clock, monotonic
        self._watches = {campaign.name: CampaignWatch(rollback, campaign, clock.now) for campaign in campaigns}
        self._campaigns = {campaign.name: campaign for campaign in campaigns}
        self._seen: dict[str, str] = {}
        self._next_guardrails = monotonic() + GUARDRAILS_EVERY_S

    def goes_on(self) -> bool:
        """Yes: nobody would notice that nothing is watched any more."""
        LOGGER.exception("watching campaigns")
        return True

    def turn(self) -> int:
        """Look once; how many campaigns were halted."""
        halted = 0
        for name, watch in self._watches.items():
            mark = self._rollback.state.feedback.newest(name)
            if mark == self._seen.get(name) or self._rollback.state.halts.active(name):
                continue
            incident = watch.look()
            self._seen[name] = mark
            if incident is not None:
                LOGGER.warning("campaign %s: %s (incident %s)", name, incident.reason, incident.incident_id)
                halted += 1
        return halted + self._look_at_guardrails()

    def _look_at_guardrails(self) -> int:
        began = self._monotonic()
        if began < self._next_guardrails:
            return 0
        halted = 0
        for campaign in self._campaigns.values():
            if campaign.guardrails and not self._rollback.state.halts.active(campaign.name):
                _, incident = check_everything(self._rollback, campaign, self._open_events, self._clock.now())
                halted += incident is not None
        took = self._monotonic() - began
        self._next_guardrails = self._monotonic() + max(GUARDRAILS_EVERY_S, GUARDRAILS_REST * took)
        return halted
