"""Watching a campaign: what came back about its messages is held against its limits, while they are sent."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime

from tailorbird.pipeline.rollback.halting import Rollback
from tailorbird.stages.rollback.guardrail_sequence import split_budget
from tailorbird.stages.rollback.triggers import (
    read_latency,
    read_shares,
    read_unsubscribes,
    sum_tallies,
)
from tailorbird.types.campaign import Campaign
from tailorbird.types.feedback import Tally
from tailorbird.types.halt import Halt
from tailorbird.types.incident import Incident, Reading

EVERY_S = 1.0
REST = 20.0
"""After a look that took t seconds the next one waits at least REST times t, and never longer than WAIT_MAX_S."""

WAIT_MAX_S = 15.0
_RATIO = "unsubscribe_ratio"
"""The unsubscribers' comparison in the error budget; a guardrail may be called unsubscribes."""

TIMES_MAX = 1000
"""The last so many messages tell the latency."""


def error_parts(campaign: Campaign) -> dict[str, float]:
    """{sequence: its part of the error budget}: the unsubscribers, and each guardrail by its weight."""
    weights = {_RATIO: 1.0, **{guardrail.name: guardrail.weight for guardrail in campaign.guardrails}}
    return split_budget(weights, campaign.rollback.error_budget)


def read_triggers(
    rollback: Rollback, campaign: Campaign, now: datetime, times_ms: Sequence[float] = ()
) -> list[Reading]:
    """Everything that can be told of messages: complaints, bounces, policy hits, unsubscribers, latency."""
    since, spec = rollback.since(campaign.name, now), campaign.rollback
    experiment = campaign.experiment
    tallies = rollback.state.feedback.tallies(campaign.name, since, experiment is not None)
    whole, alpha = sum_tallies(tallies), error_parts(campaign)[_RATIO]
    if experiment is not None:
        others = sum_tallies({name: tally for name, tally in tallies.items() if name != experiment.control})
        control = tallies.get(experiment.control, Tally())
        unsubscribes = read_unsubscribes(others, control, spec, alpha, f"variant {experiment.control}")
    else:
        rest = rollback.state.feedback.others(campaign.name, since)
        unsubscribes = read_unsubscribes(whole, rest, spec, alpha, "the other campaigns")
    return [*read_shares(whole, spec), unsubscribes, *read_latency(times_ms[-TIMES_MAX:], spec)]


class CampaignWatch:
    """Asked before each chunk of messages whether the campaign may go on; it halts it where a limit is reached.

    A halt of another process is seen at the next question, a limit after EVERY_S at the soonest: counting takes time,
    and the sending has the larger share of it.
    """

    def __init__(
        self,
        rollback: Rollback,
        campaign: Campaign,
        now: Callable[[], datetime],
        held: Callable[[], str] = str,
    ) -> None:
        """`held` tells of a reason beside halts why nothing may leave now, '' for none."""
        self._rollback, self._campaign, self._now, self._held = rollback, campaign, now, held
        self._next = float("-inf")

    def __call__(self, times_ms: Sequence[float] = ()) -> str:
        """Why nothing may leave any more; '' while it may."""
        halt = self._rollback.state.halts.active(self._campaign.name)
        if halt is not None:
            return halt.reason
        if why := self._held():
            return why
        began = time.monotonic()
        if began < self._next:
            return ""
        incident = self.look(times_ms)
        took = time.monotonic() - began
        self._next = time.monotonic() + min(max(EVERY_S, REST * took), WAIT_MAX_S)
        halt = self._rollback.state.halts.active(self._campaign.name) if incident else None
        return halt.reason if halt else ""

    def look(self, times_ms: Sequence[float] = ()) -> Incident | None:
        """Measure now; the incident where a limit is reached."""
        now = self._now()
        readings = read_triggers(self._rollback, self._campaign, now, times_ms)
        if not any(reading.fired for reading in readings):
            return None
        return self._rollback.halt(self._campaign, "trigger", readings, now)


def finish_halt(rollback: Rollback, campaign: Campaign, now: datetime) -> Halt | None:
    """The halt that holds, with its incident written and what ran well put back, whatever became of the process that
    halted."""
    halt = rollback.state.halts.active(campaign.name)
    if halt is not None:
        rollback.finish(campaign, halt, now)
    return halt
