"""Guardrails over the event log: what people did since they were decided for, arm against arm."""

from collections.abc import Callable
from datetime import UTC, datetime

from tailorbird.pipeline.identities import read_identities
from tailorbird.pipeline.merged_state import merge_state
from tailorbird.pipeline.people import NoEventsError
from tailorbird.pipeline.rollback.halting import Rollback
from tailorbird.pipeline.rollback.watching import error_parts, read_triggers
from tailorbird.pipeline.state import State
from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.rollback.guardrails import HOLDOUT, comparisons, compile_counts, read_guardrail
from tailorbird.types.campaign import Campaign
from tailorbird.types.incident import Incident, Reading

OpenEvents = Callable[[], Warehouse]


def read_guardrails(campaign: Campaign, state: State, warehouse: Warehouse, now: datetime) -> list[Reading]:
    """Each guardrail against the holdout, and each variant against the control. `warehouse` holds the view `events`.

    Who is held out of all campaigns is no comparison of this one. Where there is none, the readings say so.
    """
    merged = merge_state(state, read_identities(warehouse))
    decided = [d for d in merged.decisions.find(campaign.name) if d.held != "global"]
    if not campaign.guardrails or not decided:
        return []
    arms = [HOLDOUT if d.arm == "holdout" else d.variant or "treatment" for d in decided]
    warehouse.load("decided", {
        "decision_id": [d.decision_id for d in decided],
        "person_id": [d.person_id for d in decided],
        "arm": arms,
        "decided_at": [d.decided_at.astimezone(UTC).replace(tzinfo=None) for d in decided],
    })  # fmt: skip
    control = campaign.experiment.control if campaign.experiment else ""
    pairs = comparisons(sorted(set(arms)), control) or [("", HOLDOUT)]
    parts, readings = error_parts(campaign), list[Reading]()
    for guardrail in campaign.guardrails:
        rows = warehouse.rows(compile_counts(guardrail, now))
        counts = {arm: (int(happened), int(people)) for arm, people, happened in rows}
        alpha = parts[guardrail.name] / len(pairs)
        readings += [read_guardrail(guardrail, counts, arm, other, alpha) for arm, other in pairs]
    return readings


def read_everything(rollback: Rollback, campaign: Campaign, open_events: OpenEvents, now: datetime) -> list[Reading]:
    """Triggers and guardrails. A project without events has no guardrail to read."""
    readings = read_triggers(rollback, campaign, now)
    if campaign.guardrails:
        try:
            readings += read_guardrails(campaign, rollback.state, open_events(), now)
        except NoEventsError:
            return readings
    return readings


def check_everything(
    rollback: Rollback, campaign: Campaign, open_events: OpenEvents, now: datetime
) -> tuple[list[Reading], Incident | None]:
    """Measure, and halt where something fired; the readings, and the incident of a halt."""
    readings = read_everything(rollback, campaign, open_events, now)
    fired = [reading for reading in readings if reading.fired]
    if not fired or rollback.state.halts.active(campaign.name):
        return readings, None
    kind = "guardrail" if all(reading.name.startswith("guardrail") for reading in fired) else "trigger"
    return readings, rollback.halt(campaign, "guardrail" if kind == "guardrail" else "trigger", readings, now)
