"""Observe: from events and decisions to one read-out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from tailorbird.pipeline.campaign_work import funnel, planned_people, planned_share, work_done
from tailorbird.pipeline.find_more import find_more
from tailorbird.pipeline.watch_split import exposure_notes, read_exposures, watch_split
from tailorbird.ports.creative_store import CreativeStore
from tailorbird.ports.decision_store import DecisionStore
from tailorbird.ports.run_ledger import RunLedger
from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.measurement import outcomes_sql, tables
from tailorbird.stages.measurement.planting import plant_lift
from tailorbird.stages.measurement.readout import read_out
from tailorbird.stages.measurement.same_for_all import same_for_all
from tailorbird.stages.measurement.strata import LineStratum
from tailorbird.types.attribution import AttributionSettings
from tailorbird.types.campaign import Campaign
from tailorbird.types.creative import Creative
from tailorbird.types.decision import Decision
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.readout import Readout

SLATE_COLUMNS = ("decision_id", "block", "creative_id", "eligible", "propensity", "among")
"""Columns of the table `slates`, in order: one row per line that was chosen."""

_NO_SLATES = """CREATE OR REPLACE TABLE slates (decision_id VARCHAR, block VARCHAR, creative_id VARCHAR,
eligible INTEGER, propensity DOUBLE, among VARCHAR)"""


class PlantError(TailorbirdError):
    """An effect that cannot be planted into these outcomes."""


class NothingDecidedError(TailorbirdError):
    """The campaign has no decisions yet, so there is nothing to report."""


def observe(
    campaign: Campaign,
    decisions: DecisionStore,
    creatives: CreativeStore,
    ledger: RunLedger,
    warehouse: Warehouse,
    outbox_counts: Mapping[str, int],
    currency: str,
    until: datetime | None = None,
    simulated: bool = False,
    notes: Sequence[str] = (),
    plant: float = 0.0,
    now: datetime | None = None,
    attribution: AttributionSettings | None = None,
) -> Readout:
    """The read-out of a campaign as of `until` (None: the last event known, and not after `now`, if that is given).

    Who was decided for after `until` is not in it; the counts of work and of messages are always today's.

    An event dated in the future must not close windows that are still open: pass `now` unless time is simulated. The
    split is checked against the shares by which the runs split people. All steps of the campaign count.

    With a planted effect there are no comparisons, no credit and no lifetime value: those are of what happened.

    `warehouse` must hold the view `events`; tables are made in it. Raises NothingDecidedError where no run has decided
    yet.
    """
    decided = _decided_by(campaign.name, decisions, until)
    runs = ledger.runs(campaign.name)
    if until is not None:
        runs = [run for run in runs if run.get("step") in {one.step for one in decided}]
    load_decisions(warehouse, decided)
    until = until or last_event(warehouse, decided, now)
    warehouse.run(outcomes_sql.compile_outcomes(campaign.metric, until))
    rows = warehouse.rows(outcomes_sql.compile_outcome_rows())
    columns = {name: [row[i] for row in rows] for i, name in enumerate(outcomes_sql.OUTCOME_COLUMNS)}
    planted = ""
    if plant:
        columns, planted = _planted(columns, plant, campaign.metric.window_days)
    split = replace(campaign, holdout=planned_share(runs, decided, campaign.holdout))
    exposures = read_exposures(campaign, warehouse, until)
    splits = watch_split(campaign, decided, runs, exposures)
    readout = read_out(split, columns, until, currency, planned_people(runs), splits)
    strata = _line_strata(warehouse, decided, not readout.treated.exposed and bool(outbox_counts.get("sent")))
    known = {creative.creative_id: creative for creative in creatives.find(campaign.name)}
    readout = replace(
        _with_lines(readout, strata, known),
        work=work_done(runs, outbox_counts),
        funnel=funnel(runs, readout.treated, readout.holdout, outbox_counts),
        machine_clicks=int(warehouse.rows(outcomes_sql.compile_machine_clicks())[0][0]),
        simulated=simulated,
        planted=planted,
        notes=(*notes, *exposure_notes(exposures)),
    )
    if planted:
        return readout
    since = min(one.decided_at for one in decided)
    return find_more(readout, campaign, warehouse, since, until, attribution or AttributionSettings())


def _decided_by(campaign: str, decisions: DecisionStore, until: datetime | None) -> list[Decision]:
    # The holdout of all campaigns is no arm of this one: its people miss the other campaigns' messages as well.
    decided = [one for one in decisions.find(campaign) if one.held != "global"]
    if not decided:
        raise NothingDecidedError(
            f"campaign {campaign!r} has decided for nobody yet: run `tailorbird run {campaign}` first"
        )
    if until is not None:
        decided = [one for one in decided if one.decided_at <= until]
        if not decided:
            raise NothingDecidedError(f"campaign {campaign!r} had decided for nobody by {until:%Y-%m-%d %H:%M}")
    return decided


def _with_lines(readout: Readout, strata: Sequence[LineStratum], known: Mapping[str, Creative]) -> Readout:
    """The read-out with its tables of lines and tags, and the baseline of one line for everybody."""
    counted = tables.creative_counts(strata, known)
    tagged, tag_strata = tables.tag_counts(counted, strata)
    return replace(
        readout,
        creatives=tables.rate_rows(counted, strata, readout.n_star),
        tags=tables.rate_rows(tagged, tag_strata, readout.n_star),
        same_for_all=same_for_all(strata, {key: line.text for key, line in known.items()}, readout.n_star),
    )


def _planted(columns: dict[str, list[Any]], plant: float, days: int) -> tuple[dict[str, list[Any]], str]:
    try:
        changed = plant_lift(columns, plant, days)
    except ValueError as error:
        raise PlantError(str(error)) from None
    label = f"{plant:+.1%} conversion was added to the treated people's outcomes on purpose"
    return changed, f"{label}; money, clicks and lines are as they were"


def load_decisions(warehouse: Warehouse, decided: Sequence[Decision]) -> None:
    """Make tables `decisions` and `slates` in the warehouse; decision times become UTC without zone."""
    times = [one.decided_at.astimezone(UTC).replace(tzinfo=None) for one in decided]
    warehouse.load(
        "decisions",
        {
            "decision_id": [one.decision_id for one in decided],
            "step": [one.step for one in decided],
            "person_id": [one.person_id for one in decided],
            "arm": [one.arm for one in decided],
            "decided_at": times,
            "subject": [one.subject for one in decided],
            "locale": [one.locale for one in decided],
            "variant": [one.variant for one in decided],
            "held": [one.held for one in decided],
            "stratum": [one.stratum for one in decided],
        },
    )
    lines = [
        (one.decision_id, place.block, place.creative_id, place.eligible, place.propensity, place.among)
        for one in decided
        for place in one.slate
        if place.creative_id is not None
    ]
    if lines:
        warehouse.load("slates", {name: [line[i] for line in lines] for i, name in enumerate(SLATE_COLUMNS)})
    else:
        warehouse.run(_NO_SLATES)


def last_event(warehouse: Warehouse, decided: Sequence[Decision], now: datetime | None) -> datetime:
    """The last event known, not after `now`, if that is given, and not before the last decision."""
    latest: datetime | None = warehouse.rows(outcomes_sql.compile_until())[0][0]
    newest_decision = max(one.decided_at for one in decided)
    if latest is None:
        return newest_decision
    latest = latest if latest.tzinfo else latest.replace(tzinfo=UTC)
    return max(min(latest, now) if now else latest, newest_decision)


def _line_strata(warehouse: Warehouse, decided: Sequence[Decision], all_exposed: bool) -> list[LineStratum]:
    if not any(place.creative_id for one in decided for place in one.slate):
        return []
    return tables.line_strata(warehouse.rows(outcomes_sql.compile_line_counts(all_exposed)))
