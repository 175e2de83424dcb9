"""Rehearsal: some of a campaign's messages to its testers, of which nothing counts."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tailorbird.pipeline.approve import approve_by_policy
from tailorbird.pipeline.build_messages import MessageBuilder
from tailorbird.pipeline.check import check_project
from tailorbird.pipeline.exemplars import INVENTED_NAMES
from tailorbird.pipeline.generate import generate_creatives
from tailorbird.pipeline.merged_state import merge_state
from tailorbird.pipeline.model_calls import ModelCalls
from tailorbird.pipeline.open_checks import make_builder
from tailorbird.pipeline.plan_briefs import BriefPlan, plan_briefs, samples_for
from tailorbird.pipeline.policies import read_learned
from tailorbird.pipeline.run import open_ground, still_known
from tailorbird.pipeline.select_people import Selection, select_for_campaign
from tailorbird.pipeline.state import State
from tailorbird.pipeline.validation.copy_check import copy_check
from tailorbird.pipeline.validation.validator import Validator
from tailorbird.pipeline.variants import choose_for_variants, decide_for_variants
from tailorbird.ports.clock import Clock
from tailorbird.ports.event_log import EventLog
from tailorbird.ports.progress import Progress
from tailorbird.ports.sender import Sender
from tailorbird.ports.trace_store import TraceStore
from tailorbird.ports.warehouse import Warehouse
from tailorbird.project.project import Project
from tailorbird.stages.audiences.eligibility import MAILBOX, mailbox_hash
from tailorbird.types.brief import Brief
from tailorbird.types.campaign import Campaign
from tailorbird.types.decision import TEST_DECISION, Decision
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.profile import Profile
from tailorbird.types.trace import Trace

TESTER = "tester"
"""The person of a rehearsal's messages: nobody of the project's."""


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """One message of a rehearsal, and what became of it: a receipt's status, 'suppressed', or 'unbuilt'."""

    address: str
    message_id: str
    subject: str
    locale: str
    item_id: str
    status: str
    detail: str = ""


def rehearse_campaign(
    project: Project,
    campaign: Campaign,
    as_of: datetime,
    addresses: Sequence[str],
    samples: int,
    state: State,
    log: EventLog,
    warehouse: Warehouse,
    open_calls: Callable[[], ModelCalls | None],
    sender: Sender,
    clock: Clock,
    progress: Progress,
    keys: tuple[bytes, bytes],
    validator: Validator,
    seed: int = 0,
) -> list[Rehearsed]:
    """Send what `samples` people of the audience would get to each of `addresses`, marked as a test.

    People are selected and decided on as a run would, but no decision is kept, no message enters the outbox and no
    event the log: reports, caps, holdouts and learning do not know of it. Whom a sample stands for cannot be told from
    a message: it has an invented name and no id of theirs, no pixel, and links that record nothing. Lines that are
    missing for the samples are written, judged and reviewed as in a run, and stay: they are copy, and about nobody.
    """
    check_project(project)
    catalog, items, people, _ = open_ground(project, state, warehouse, log, progress, as_of)
    state = merge_state(state, people)
    selection = select_for_campaign(project, campaign, as_of, warehouse, state.decisions, state.suppressions, items)
    shown = choose_for_variants(project, campaign, selection, items, warehouse, state.find_recommender)
    heroes = shown.heroes()
    plan = plan_briefs(project, campaign, selection, heroes, items)
    chosen = spread(plan.locales, heroes, samples)
    generate_creatives(
        briefs_of(plan, chosen), project.brand, project.prompts, campaign, project.templates[campaign.template], items,
        lambda brief: samples_for(project, campaign, brief, items), open_calls, state.creatives, progress,
        seed, copy_check(project, validator, items, as_of),
    )  # fmt: skip
    approve_by_policy(project, campaign, state.creatives, state.reviews, state.review_record, clock)
    lines, learned = still_known(project, campaign, state), read_learned(campaign, state)
    decided = decide_for_variants(
        project, campaign, selection, shown, plan, items, lines, learned, lambda: state.decisions.find(campaign.name)
    )
    builder = make_builder(project, campaign, state, items, keys)
    barred = state.suppressions.among([mailbox_hash(address) for address in addresses], MAILBOX)
    now = clock.now().replace(microsecond=0)
    sent = []
    progress.stage("deliver", len(chosen) * len(addresses))
    for address in addresses:
        for position, row in enumerate(chosen):
            if mailbox_hash(address) in barred:
                sent.append(Rehearsed(address, "", "", plan.locales[row], heroes[row] or "", "suppressed"))
                continue
            decision = nobodys(decided[row], f"{now.isoformat()}|{address}|{position}")
            tester = stand_in(decision, selection, row, address, position)
            sent.append(_send(builder, decision, tester, now, sender, state.traces, catalog))
            progress.advance(1)
    sender.sync()
    return sent


def spread(locales: Sequence[str], heroes: Sequence[str | None], count: int) -> list[int]:
    """Up to `count` rows that differ as much as they can: every locale in turn, items that are not shown yet first."""
    left = list(range(len(locales)))
    chosen: list[int] = []
    spoken = sorted(set(locales))
    while left and len(chosen) < count:
        turn = spoken[len(chosen) % len(spoken)]
        seen = {heroes[row] for row in chosen}
        best = min(left, key=lambda row: (locales[row] != turn, heroes[row] in seen, row))
        chosen.append(best)
        left.remove(best)
    return chosen


def briefs_of(plan: BriefPlan, rows: Sequence[int]) -> list[Brief]:
    """The briefs whose lines the people at `rows` may get."""
    wanted = {(plan.subjects[row].label(), plan.locales[row]) for row in rows}
    return [brief for brief in plan.briefs if (brief.subject.label(), brief.locale) in wanted]


def nobodys(decision: Decision, occasion: str) -> Decision:
    """The same slate, decided for nobody: without the person, and without hashes that are the person's."""
    told = hashlib.sha256(f"{decision.campaign}|{decision.step}|{occasion}".encode()).hexdigest()
    return replace(decision, decision_id=TEST_DECISION + told[:24], person_id=TESTER, features_hash="", consent_hash="")


def stand_in(decision: Decision, selection: Selection, row: int, address: str, position: int) -> Profile:
    """A profile for the tester: an invented name where the person's own would stand, and consent to nothing else."""
    named = selection.allowed[row] and selection.profiles[row].first_name
    name = INVENTED_NAMES[position % len(INVENTED_NAMES)] if named else None
    consents = {"personalization": selection.allowed[row]}
    return Profile(TESTER, consents=consents, email=address, first_name=name, locale=decision.locale)


def _send(
    builder: MessageBuilder,
    decision: Decision,
    tester: Profile,
    now: datetime,
    sender: Sender,
    traces: TraceStore,
    catalog: str,
) -> Rehearsed:
    hero = next((p.item_id or "" for p in decision.slate if p.placement == "hero"), "")
    address = tester.email or ""
    try:
        message, stitched, _ = builder.build(decision, tester, now, is_test=True)
    except TailorbirdError as error:
        return Rehearsed(address, "", "", decision.locale, hero, "unbuilt", str(error))
    receipt = sender.send(message)
    trace = builder.trace(decision, message, stitched, {"catalog": catalog})
    slate = [{"placement": p.placement, "shows": p.creative_id or p.item_id} for p in decision.slate]
    test = {"campaign": decision.campaign, "step": decision.step, "slate": slate, "status": receipt.status,
            "at": receipt.at.isoformat(), "detail": receipt.detail}  # fmt: skip
    traces.save([Trace(trace.message_id, trace.decision_id, {**trace.stages, "test": test})])
    return Rehearsed(
        address, message.message_id, message.subject, decision.locale, hero, receipt.status, receipt.detail
    )
