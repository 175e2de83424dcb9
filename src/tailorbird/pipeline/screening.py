"""Screening: what is asked of an event beyond the wire's rules, the same at the intake and when it is replayed."""

from dataclasses import dataclass

from tailorbird.stages.events.event_line import EventLine
from tailorbird.stages.events.plan_checks import PlanChecks
from tailorbird.stages.events.quick_batch import QuickJudge
from tailorbird.stages.tracking.machines import crawler_reason

_OF_A_SITE = frozenset({"track", "page", "screen"})


@dataclass(frozen=True, slots=True)
class Screening:
    """Judges one event at a time by the tracking plan, if there is one, and marks crawlers and tests in its context."""

    plan: PlanChecks | None = None

    def judge(self, event: EventLine) -> str | None:
        """Why the event may not come in, None if it may."""
        agent = event.context.get("userAgent")
        if agent is not None and event.type in _OF_A_SITE and (reason := crawler_reason(agent)):
            event.context.setdefault("machine", reason)
        if self.plan is None:
            return None
        return self.plan.judge(event.type, event.event, event.properties, event.traits)

    @property
    def quick(self) -> QuickJudge:
        """What `judge` asks, in parts."""
        return QuickJudge(
            lambda agent: agent is not None and crawler_reason(agent) is not None,
            self.plan.judge if self.plan else None,
        )

    def judge_test(self, event: EventLine) -> str | None:
        """The same of an event that came with the testers' write key."""
        event.context["test"] = True
        return self.judge(event)
