"""The run: one campaign step as named, idempotent steps that resume after a crash."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tailorbird.pipeline.approve import approve_by_policy
from tailorbird.pipeline.budget.run_tiers import tiers_of_run, write_by_tier
from tailorbird.pipeline.build_messages import queue_messages
from tailorbird.pipeline.check import check_catalog, check_project
from tailorbird.pipeline.decide import decide_holdout
from tailorbird.pipeline.deliver import deliver
from tailorbird.pipeline.facts import Facts
from tailorbird.pipeline.freshness import Version
from tailorbird.pipeline.generate import generate_creatives
from tailorbird.pipeline.identities import Identities, read_identities
from tailorbird.pipeline.known_lines import current_ids
from tailorbird.pipeline.merged_state import merge_state
from tailorbird.pipeline.model_calls import ModelCalls
from tailorbird.pipeline.open_checks import make_builder, open_last_checks, usable_lines
from tailorbird.pipeline.outdate_lines import outdate_and_tell
from tailorbird.pipeline.people import open_views, read_profiles
from tailorbird.pipeline.pilots.gate import PilotGate
from tailorbird.pipeline.pilots.narrow import narrow
from tailorbird.pipeline.plan_briefs import BriefPlan, plan_briefs, samples_for
from tailorbird.pipeline.policies import read_learned
from tailorbird.pipeline.recommend import Shown
from tailorbird.pipeline.rollback.run_guard import RunGuard
from tailorbird.pipeline.select_people import Selection, select_for_campaign
from tailorbird.pipeline.state import State
from tailorbird.pipeline.suppressing import BounceWatch
from tailorbird.pipeline.validation.copy_check import copy_check
from tailorbird.pipeline.validation.validator import Validator
from tailorbird.pipeline.variants import choose_for_variants, decide_for_variants
from tailorbird.ports.clock import Clock
from tailorbird.ports.event_log import EventLog
from tailorbird.ports.progress import Progress
from tailorbird.ports.sender import Sender
from tailorbird.ports.warehouse import Warehouse
from tailorbird.project.project import Project
from tailorbird.stages.consent.effective import ConsentRules
from tailorbird.types.campaign import Campaign
from tailorbird.types.creative import Creative
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.item import Item
from tailorbird.types.profile import Profile

STEPS = ("features", "audience", "briefs", "generate", "review", "decide", "stitch", "deliver")


class RunError(TailorbirdError):
    """A run that cannot go on; the message says why and what to do."""


@dataclass(frozen=True)
class StepResult:
    """What one step did. `resumed` steps were done by an earlier, interrupted run."""

    name: str
    detail: Mapping[str, Any]
    resumed: bool = False


def run_id(project: str, campaign: str, step: str) -> str:
    """One run per campaign step: 'r_' and 16 hex digits. A second occasion is another step."""
    return "r_" + hashlib.sha256(f"{project}|{campaign}|{step}".encode()).hexdigest()[:16]


def run_campaign(
    project: Project,
    campaign: Campaign,
    as_of: datetime,
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
    replay: bool = False,
    deciding: Callable[[], AbstractContextManager[None]] = nullcontext,
    open_large: Callable[[], ModelCalls | None] = lambda: None,
) -> Iterator[StepResult]:
    """Run one campaign step, yielding after each of STEPS. `keys` are (link key, DKIM private key in PEM).

    Interrupted at any moment, the same call goes on where it stopped: decisions count all together or not at all, and
    never change, messages are queued under one key per person and step, and delivery asks the outbox. The moment of
    the first attempt stays the run's. `open_calls`, and `open_large` for the large model, are called only if lines have
    to be written. With `replay` the moment is not now: messages are dated with it and do not expire, and the events of
    the sends carry it. HaltedError: it is halted, or held by its pilot, and nothing is done.
    `deciding` is held from the selection to the decisions: two campaigns that decide at once see not each other's caps.
    """
    check_project(project)
    guard = RunGuard(project, campaign, state, clock.now, PilotGate(project, state).why_held)
    project = guard.enter(project, progress)
    name = run_id(project.settings.name, campaign.name, campaign.step)
    record = state.ledger.begin(name, campaign.name, campaign.step, as_of.isoformat())
    done = _done_steps(record, campaign, state)
    moment, began = _moment(record, done, as_of, state, progress), clock.now()
    catalog, items, people, told = open_ground(project, state, warehouse, log, progress, moment if replay else began)
    raw, state = state, merge_state(state, people)
    steps = _prepare(
        project, campaign, moment, state, warehouse, open_calls, clock, progress, items, seed, validator, told,
        open_large,
    )  # fmt: skip
    yield from _until_decided(name, done, steps, state, deciding)
    guard.begin()

    def now() -> datetime:
        return (moment if replay else clock.now()).replace(microsecond=0)

    profiles = _profiles(project, warehouse, now())
    made_of, built = (catalog, usable_lines(campaign, state, now(), project.settings.timezone)), frozenset[str]()
    if "stitch" not in done or done["stitch"].get("unbuilt"):
        detail, built = _stitch(project, campaign, state, items, profiles, keys, now, made_of, progress, guard)
        state.ledger.finish_step(name, "stitch", detail)
        yield StepResult("stitch", detail)
    check = open_last_checks(
        project, campaign, raw, warehouse, log, profiles, keys, now, began, built, made_of, moment, not replay, people
    )  # fmt: skip
    at, sender = moment if replay else None, BounceWatch(sender, state.suppressions)
    detail = deliver(
        campaign, state.outbox, state.messages, check, sender, log, clock, progress, at, check.moved, guard.watch
    )
    yield _delivered(name, detail, state)


def _until_decided(
    run: str,
    done: Mapping[str, Any],
    steps: Iterator[StepResult],
    state: State,
    deciding: Callable[[], AbstractContextManager[None]],
) -> Iterator[StepResult]:
    """The steps up to the decisions, as an earlier run did them, or now."""
    if "decide" in done:
        yield from (StepResult(name, done[name], True) for name in STEPS if name in done and name != "deliver")
        return
    with deciding():
        for result in steps:
            state.ledger.finish_step(run, result.name, result.detail)
            yield result


def _delivered(run: str, detail: Mapping[str, Any], state: State) -> StepResult:
    state.ledger.finish_step(run, "deliver", detail)
    if not detail["waiting"]:
        state.ledger.finish(run)
    return StepResult("deliver", detail)


def open_ground(
    project: Project, state: State, warehouse: Warehouse, log: EventLog, progress: Progress, now: datetime
) -> tuple[str, Mapping[str, Item], Identities, Mapping[str, Any]]:
    """The views over the log; the catalog's version and its items, who is whom, and what the screening of the items
    found. An import in between counts as a newer version."""
    progress.stage("features")
    open_views(warehouse, log, project.settings.identity, project.settings.testers, often=False)
    facts = Facts(project, warehouse)
    version, items = facts.version(now), facts.items(now)
    if told := facts.screening.sentence():
        progress.say(told)
    check_catalog(project, items)
    outdate_and_tell(project, warehouse, state.creatives, now, progress)
    return version, items, read_identities(warehouse), facts.screening.detail()


def _moment(
    record: Mapping[str, Any], done: dict[str, Any], as_of: datetime, state: State, progress: Progress
) -> datetime:
    """The run's moment: the first attempt's once it has decided, before that the one that is asked for now."""
    first = datetime.fromisoformat(record["as_of"])
    if first == as_of:
        return as_of
    if "decide" in done:
        progress.say(f"this is the run of {first:%Y-%m-%d %H:%M} UTC: its decisions stand")
        return first
    state.ledger.restart(record["run_id"], as_of.isoformat())
    done.clear()
    return as_of


def _profiles(project: Project, warehouse: Warehouse, moment: datetime) -> dict[str, Profile]:
    rules = ConsentRules(project.settings.consent)
    return {profile.person_id: profile for profile in read_profiles(warehouse, rules, moment)}


def _stitch(
    project: Project,
    campaign: Campaign,
    state: State,
    items: Mapping[str, Item],
    profiles: Mapping[str, Profile],
    keys: tuple[bytes, bytes],
    now: Callable[[], datetime],
    made_of: Version,
    progress: Progress,
    guard: RunGuard,
) -> tuple[dict[str, Any], frozenset[str]]:
    builder = make_builder(project, campaign, state, items, keys)
    detail, built = queue_messages(
        campaign, builder, state.decisions, profiles, state.outbox, state.traces, made_of[0], now, progress,
        guard.count_hits,
    )  # fmt: skip
    if detail["unbuilt"] and not detail["messages"]:  # the step stays undone, so that a mended project sends
        raise RunError(f"not one message could be built: {next(iter(detail['unbuilt']))}")
    return detail, built


def _done_steps(record: Mapping[str, Any], campaign: Campaign, state: State) -> dict[str, Any]:
    """The finished steps; decisions count as made if they are there, should the process have died before it said so."""
    done = dict(record["steps"])
    decided = 0 if "decide" in done else len(state.decisions.find(campaign.name, campaign.step))
    if decided:
        done["decide"] = {"decisions": decided, "policy": ""}
        state.ledger.finish_step(record["run_id"], "decide", done["decide"])
    return done


def _prepare(
    project: Project,
    campaign: Campaign,
    as_of: datetime,
    state: State,
    warehouse: Warehouse,
    open_calls: Callable[[], ModelCalls | None],
    clock: Clock,
    progress: Progress,
    items: Mapping[str, Item],
    seed: int,
    validator: Validator,
    screening: Mapping[str, Any],
    open_large: Callable[[], ModelCalls | None],
) -> Iterator[StepResult]:
    selection = select_for_campaign(project, campaign, as_of, warehouse, state.decisions, state.suppressions, items)
    selection = narrow(selection, campaign.name, PilotGate(project, state).share(campaign.name))
    told = {"screened": screening} if screening else {}
    yield StepResult("features", {"people": len(selection.profiles), "definitions": len(project.features), **told})
    yield StepResult("audience", selection.detail())
    progress.stage("briefs")
    shown = choose_for_variants(project, campaign, selection, items, warehouse, state.find_recommender)
    plan = plan_briefs(project, campaign, selection, shown.heroes(), items)
    tiers = tiers_of_run(project, campaign, selection, plan, state.decisions, state.ledger, warehouse)
    yield StepResult("briefs", {**plan.detail(), **tiers.detail})
    progress.stage("generate", min(campaign.generation.max_lines, len(plan.briefs)) or None)
    detail = write_by_tier(
        plan, tiers.tiers, open_calls, open_large,
        lambda briefs, opened: generate_creatives(
            briefs, project.brand, project.prompts, campaign, project.templates[campaign.template], items,
            lambda brief: samples_for(project, campaign, brief, items), opened, state.creatives, progress,
            seed, copy_check(project, validator, items, as_of),
        ),
    )  # fmt: skip
    yield StepResult("generate", detail)
    detail = approve_by_policy(project, campaign, state.creatives, state.reviews, state.review_record, clock)
    yield StepResult("review", detail)
    progress.stage("decide")
    yield StepResult("decide", _decide(project, campaign, state, selection, shown, plan, items, tiers.tiers))


def _decide(
    project: Project,
    campaign: Campaign,
    state: State,
    selection: Selection,
    shown: Shown,
    plan: BriefPlan,
    items: Mapping[str, Item],
    tiers: Sequence[str],
) -> dict[str, Any]:
    """Decide for everybody and write it, all or nothing."""
    learned = read_learned(campaign, state)
    lines = still_known(project, campaign, state)
    treated = decide_for_variants(
        project, campaign, selection, shown, plan, items, lines, learned,
        lambda: state.decisions.find(campaign.name), tiers,
    )  # fmt: skip
    held = decide_holdout(project, campaign, selection)
    state.arm_sets.save(learned.drawn.values())
    state.decisions.save([*treated, *held])
    return {"decisions": len(treated) + len(held), "policy": learned.policy(campaign.policy)[0].version}


def still_known(project: Project, campaign: Campaign, state: State) -> list[Creative]:
    """The campaign's lines without those of the brand and the template that are in their files no more."""
    lines = project.templates[campaign.template].lines
    known = current_ids(campaign.name, project.brand, campaign.blocks, lines)
    return [c for c in state.creatives.find(campaign.name) if c.rung == "model" or c.creative_id in known]
