"""The read-out of the program: all messages of all campaigns against the holdout of all campaigns."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from tailorbird.pipeline.identities import Identities
from tailorbird.pipeline.observe import last_event
from tailorbird.ports.decision_store import DecisionStore
from tailorbird.ports.run_ledger import RunLedger
from tailorbird.ports.warehouse import Warehouse
from tailorbird.project.project import Project
from tailorbird.stages.assignment import held_of_all
from tailorbird.stages.assignment.held_of_all import HELD, NEITHER, PROGRAM, Admitted
from tailorbird.stages.assignment.salts import global_salt
from tailorbird.stages.measurement import program_sql, rewards_sql
from tailorbird.stages.measurement.comparison import Column, Mask
from tailorbird.stages.measurement.program import arm_counts, judge_program, program_metrics
from tailorbird.stages.measurement.srm_watch import check_split
from tailorbird.stages.measurement.verdict import count
from tailorbird.types.campaign import Campaign
from tailorbird.types.decision import Decision
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.experiment import OutcomeSettings
from tailorbird.types.metric import MetricSpec
from tailorbird.types.program import HeldShare, ProgramReadout
from tailorbird.types.split_check import SplitCell, SplitCheck

_ARMS = ("the program", "held out")


class ProgramError(TailorbirdError):
    """The program cannot be read: nobody was ever held out of all campaigns, or the period or the outcome is none."""


def read_program(
    project: Project,
    decisions: DecisionStore,
    identities: Identities,
    ledger: RunLedger,
    warehouse: Warehouse,
    since: datetime | None = None,
    until: datetime | None = None,
    now: datetime | None = None,
) -> ProgramReadout:
    """What all messages changed between `since` (None: when the holdout of all campaigns began) and `until` (None: the
    last event known, and not after `now`, if that is given).

    `decisions` are as they were written, under the ids of then; `identities` says who is whom today. `warehouse` must
    hold the view `events`; tables are made in it. Raises ProgramError.
    """
    outcome, settings = outcome_of(project.campaigns, project.settings.experiments.outcome), project.settings
    runs, today = ledger.runs(), settings.experiments.global_holdout
    made = _decisions_of({*project.campaigns, *(str(run["campaign"]) for run in runs)}, decisions)
    shares = held_of_all.shares_over_time(runs, today)
    began = _began(made, shares)
    until = until or last_event(warehouse, made, now)
    since = _start(since, began, until)
    changes = held_of_all.spans(shares.values(), began, until) or (HeldShare(today, began, False),)
    least, most = held_of_all.range_of(changes, since)
    if not least:
        raise ProgramError(_switched_off(changes))
    salt = global_salt(settings.name, settings.experiments.global_salt)
    admitted = held_of_all.admit(made, identities.people.person_of, salt, shares, today, (began, since, until))
    arms = held_of_all.arms_of(admitted.buckets, least, most)
    masks = arms == PROGRAM, arms == HELD
    columns = _measure(warehouse, admitted, outcome, since, until)
    with_margin = outcome.margin is not None
    found = ProgramReadout(
        began=began,
        since=since,
        until=until,
        campaigns=tuple(sorted({one.campaign for one in made if began <= one.decided_at <= until})),
        event=outcome.event,
        currency=settings.currency,
        program=arm_counts("program", columns, masks[0], with_margin),
        held=arm_counts("held", columns, masks[1], with_margin),
        split=_check(admitted, masks, least, most),
        shares=changes,
        verdict="blocked",
        sentence="",
        left_out=int((arms == NEITHER).sum()),
        n_star=_first_people(admitted),
        simulated=settings.simulated,
    )
    return _judged(replace(found, notes=_notes(found, admitted, masks)), columns, admitted, masks, with_margin)


def outcome_of(campaigns: Mapping[str, Campaign], chosen: OutcomeSettings | None) -> OutcomeSettings:
    """What an order is and what is earned of it: as chosen, else what the campaigns' metrics of money agree on, else
    'Order Completed'. Raises ProgramError where they disagree."""
    if chosen is not None:
        return chosen
    told = [
        metric
        for campaign in campaigns.values()
        for metric in (campaign.metric, *campaign.metrics)
        if metric.value or metric.margin is not None or metric.kind in ("value", "ratio")
    ]
    kinds = sorted({(metric.event, (metric.value or "total").removeprefix("properties.")) for metric in told})
    margins = list(dict.fromkeys(metric.margin for metric in told if metric.margin is not None))
    if len(kinds) > 1 or len(margins) > 1:
        what = ", ".join(f"{event!r} ({path})" for event, path in kinds) if len(kinds) > 1 else "its margin"
        raise ProgramError(
            f"the campaigns' metrics do not agree on what is earned: {what}; say it for all of them in "
            "tailorbird.yaml: experiments: {outcome: {event: Order Completed, value: properties.total, margin: 0.4}}"
        )
    event, path = kinds[0] if kinds else ("Order Completed", "total")
    return OutcomeSettings(event, path, margins[0] if margins else None)


def _decisions_of(campaigns: Iterable[str], decisions: DecisionStore) -> list[Decision]:
    """All decisions of some campaigns, those that are gone from the folder as well."""
    return [one for name in sorted(campaigns) for one in decisions.find(name)]


def _began(made: Sequence[Decision], shares: Mapping[tuple[str, str], HeldShare]) -> datetime:
    began = held_of_all.began_at(made, shares.values())
    if began is None or not made:
        raise ProgramError(
            "no campaign has held anybody out of all campaigns yet, so nobody can say what all messages change: set "
            "experiments.global_holdout in tailorbird.yaml, such as 0.05, and ask again after the next runs"
        )
    return began


def _start(since: datetime | None, began: datetime, until: datetime) -> datetime:
    """The beginning of the period. A moment before `began` had nobody to compare with."""
    if until <= began:
        raise ProgramError(
            f"the holdout of all campaigns began on {began:%Y-%m-%d %H:%M} UTC, and nothing after it is known or asked "
            "for; take a later --until, or import what happened since"
        )
    if since is None:
        return began
    if since < began:
        raise ProgramError(
            f"--since {since:%Y-%m-%d %H:%M} is before the holdout of all campaigns began, on {began:%Y-%m-%d %H:%M} "
            "UTC: nobody was held out then; leave --since out, or name a later moment"
        )
    if since >= until:
        raise ProgramError(f"--since {since:%Y-%m-%d %H:%M} is not before the end, {until:%Y-%m-%d %H:%M} UTC")
    return since


def _switched_off(changes: Sequence[HeldShare]) -> str:
    told = ", ".join(f"{one.share:.2%} from {one.since:%Y-%m-%d %H:%M}" for one in changes)
    return (
        f"nobody was held out of all campaigns during the whole period (the share was {told}): take a period with "
        "--since and --until in which the share was above 0"
    )


def _measure(
    warehouse: Warehouse, admitted: Admitted, outcome: OutcomeSettings, since: datetime, until: datetime
) -> dict[str, Column]:
    times = [one.decided_at.astimezone(UTC).replace(tzinfo=None) for one in admitted.first]
    warehouse.load("admitted", {"person_id": list(admitted.people), "admitted_at": times})
    metric = MetricSpec("orders", outcome.event, value=outcome.value, margin=outcome.margin)
    warehouse.run(rewards_sql.compile_orders(metric, until))
    rows = warehouse.rows(program_sql.compile_period_rows(since, until))
    table = np.asarray(rows, dtype=np.float64).reshape(len(rows), len(program_sql.PERIOD_COLUMNS))
    return {name: table[:, at] for at, name in enumerate(program_sql.PERIOD_COLUMNS)}


def _check(admitted: Admitted, masks: tuple[Mask, Mask], least: float, most: float) -> SplitCheck:
    """Whether the two sides came as planned, by day, campaign and language of the first decision."""
    shares = ((1 - most) / (1 - most + least), least / (1 - most + least))
    counted: Counter[tuple[str, str, str, int]] = Counter()
    for one, is_program, is_held in zip(admitted.first, *masks, strict=True):
        if is_program or is_held:
            day = one.decided_at.astimezone(UTC).date().isoformat()
            counted[day, one.campaign, one.locale.split("-")[0], int(is_held)] += 1
    cells = [
        SplitCell(
            day,
            (counted[day, campaign, locale, 0], counted[day, campaign, locale, 1]),
            shares,
            {"campaign": campaign, "locale": locale},
        )
        for day, campaign, locale in sorted({key[:3] for key in counted})
    ]
    finished = len({one.decided_at for one in admitted.first}) == 1
    return check_split("global", _ARMS, cells, finished)


def _first_people(admitted: Admitted) -> float:
    """People admitted at the first moment: fixed before any outcome, so the interval may be tuned to it."""
    began = min(one.decided_at for one in admitted.first)
    return float(sum(one.decided_at == began for one in admitted.first))


def _notes(found: ProgramReadout, admitted: Admitted, masks: tuple[Mask, Mask]) -> tuple[str, ...]:
    """What the figures rest on, and what blurs them."""
    notes = []
    if len(found.shares) > 1:
        told = ", ".join(f"{one.share:.2%} from {one.since:%Y-%m-%d}" for one in found.shares)
        notes.append(
            f"The share held out of all campaigns changed ({told}). {count(found.left_out, 'person', 'people')} whom a "
            "change in this period moved from one side to the other count on neither."
        )
    if not all(one.recorded for one in found.shares):
        notes.append("Some runs did not write down the share they held out; they count with the share of today.")
    mates = int((masks[0] & admitted.held_ever).sum())
    if mates:
        notes.append(
            f"{count(mates, 'person', 'people')} of the program got nothing at some step because somebody held out has "
            "the same address, or turned out to be the same person; they count by their own draw, which makes the "
            "difference smaller."
        )
    blurred = int((masks[1] & admitted.free_ever).sum())
    if blurred:
        notes.append(
            f"{count(blurred, 'person', 'people')} of those held out could be written to at some step since "
            f"{found.began:%Y-%m-%d}; what they remember makes the difference smaller."
        )
    if found.held.sent:
        notes.append(f"{count(found.held.sent, 'person', 'people')} held out were sent something in this period.")
    return tuple(notes)


def _judged(
    found: ProgramReadout, columns: Mapping[str, Column], admitted: Admitted, masks: tuple[Mask, Mask], margin: bool
) -> ProgramReadout:
    """The read-out with its metrics and its verdict; blocked, without any metric, where the draw was not kept."""
    if admitted.strangers:
        return replace(
            found,
            sentence=(
                f"The read-out is blocked: {count(admitted.strangers, 'decision was', 'decisions were')} made for "
                "people whom today's experiments.global_salt and the share of then hold out of all campaigns. Either "
                "the salt (without one, the project's name) was changed, or the share was raised before runs wrote it "
                "down. Put the old salt back, or read only what came after the change with --since."
            ),
        )
    if found.split.blocked:
        why = f"The read-out is blocked. {found.split.why} Find out who went missing before reading any effect."
        return replace(found, sentence=why)
    metrics = program_metrics(columns, admitted.people, masks, max(found.n_star, 1.0), margin)
    verdict, sentence = judge_program(metrics, (found.program, found.held))
    return replace(found, metrics=metrics, verdict=verdict, sentence=sentence)
