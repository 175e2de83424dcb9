"""Deciding a whole audience: items, then copy, in columns."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from tailorbird.pipeline.plan_briefs import BriefPlan
from tailorbird.pipeline.policies import Learned, cohorts_of, contexts_of
from tailorbird.pipeline.recommend import Shown
from tailorbird.pipeline.select_people import Selection, serve_locale
from tailorbird.project.project import Project
from tailorbird.stages.briefs.person_slots import clean_first_name
from tailorbird.stages.briefs.slot_values import item_slots
from tailorbird.stages.decisions.slate import CreativeCatalog, PeopleRows, decide_many, decision_id
from tailorbird.types.campaign import Campaign
from tailorbird.types.creative import Creative
from tailorbird.types.decision import Decision, Held, Placement
from tailorbird.types.item import Item

_CANONICAL = json.JSONEncoder(sort_keys=True, default=str)


def decide_treatment(
    project: Project,
    campaign: Campaign,
    selection: Selection,
    shown: Shown,
    plan: BriefPlan,
    items: Mapping[str, Item],
    creatives: Sequence[Creative],
    learned: Learned,
    variant: str = "",
) -> list[Decision]:
    """Slates for the treated people: the items of `shown`, and copy by the policy. `plan` has a subject and a locale
    for each of them. The policy is that of the `variant` ('': the campaign's); `learned` gets the arm sets."""
    policy, lessons = learned.policy(campaign.policy, variant)
    people = _people(project, selection, plan, items, shown)
    asked = replace(
        people,
        cohorts=cohorts_of(campaign.policy, selection.table, selection.treated),
        seen=learned.seen(campaign, people.person_ids, lessons.fatigue or campaign.policy.fatigue),
        context=contexts_of(campaign.policy, selection.table, selection.treated),
    )
    subject_of = {brief.brief_id: brief.subject.label() for brief in plan.briefs}
    return decide_many(
        asked,
        shown.choice,
        shown.item_ids,
        CreativeCatalog.build(creatives, subject_of),
        _families(project, creatives),
        policy,
        lessons,
        campaign,
        project.settings.name,
        selection.as_of,
        f"matches audience {campaign.audience}",
        [_last_item(last) for last in shown.last_items],
        learned.drawn,
    )


def _families(project: Project, creatives: Sequence[Creative]) -> dict[str, tuple[str, ...]]:
    limits = {line.id: line.families for line in project.brand.approved if line.families}
    return {c.creative_id: limits[c.tags["line"]] for c in creatives if c.tags.get("line") in limits}


def _last_item(last: str | None) -> tuple[Placement, ...]:
    # The fact 'what was bought last' is part of the slate, so that stitching later needs no feature read.
    return () if last is None else (Placement("last_item", "fact", last, None, 1.0, 1),)


def _people(
    project: Project, selection: Selection, plan: BriefPlan, items: Mapping[str, Item], shown: Shown
) -> PeopleRows:
    table, profiles, rows = selection.table, selection.profiles, selection.treated
    facts = project.settings.catalog.facts
    known: dict[tuple[str, str], frozenset[str]] = {}
    slots: list[frozenset[str]] = []
    heroes = shown.heroes()
    names = sorted(table.columns)
    for row, locale, hero, last in zip(rows, plan.locales, heroes, shown.last_items, strict=True):
        names_here: frozenset[str] = frozenset(["brand.name"])
        if hero is not None:
            key = (hero, locale)
            if key not in known:
                known[key] = frozenset(item_slots(items[hero], locale, facts))
            names_here |= known[key]
        if last is not None:
            names_here |= {"last_item.short_name"}
        if selection.allowed[row] and clean_first_name(profiles[row].first_name):
            names_here |= {"person.first_name"}
        slots.append(names_here)
    return PeopleRows(
        person_ids=[profiles[row].person_id for row in rows],
        subjects=[subject.label() for subject in plan.subjects],
        locales=plan.locales,
        slots=slots,
        families=[items[hero].family if hero is not None else "" for hero in heroes],
        features_hashes=[digest({name: table.columns[name][row] for name in names}) for row in rows],
        consent_hashes=[digest(dict(profiles[row].consents)) for row in rows],
    )


def decide_holdout(project: Project, campaign: Campaign, selection: Selection) -> list[Decision]:
    """The people who get nothing, so that there is something to compare with: those of this campaign's holdout, and
    those of the holdout of all campaigns."""
    profiles = selection.profiles
    stratified = " within strata" if campaign.experiment and campaign.experiment.strata else " by stable hash"
    reasons: dict[Held, str] = {
        "campaign": f"held out{stratified}",
        "global": "held out of all campaigns by stable hash",
    }
    held: list[tuple[Held, int]] = [("campaign", row) for row in selection.holdout]
    held += [("global", row) for row in selection.global_holdout]
    return [
        Decision(
            decision_id=decision_id(project.settings.name, campaign.name, campaign.step, profiles[row].person_id),
            campaign=campaign.name,
            step=campaign.step,
            person_id=profiles[row].person_id,
            arm="holdout",
            decided_at=selection.as_of,
            slate=(),
            subject="",
            locale=serve_locale(profiles[row], project.settings.locales),
            policy_version="",
            reason=reasons[by],
            consent_hash=digest(dict(profiles[row].consents)),
            held=by,
            stratum=selection.strata.get(row, ""),
        )
        for by, row in held
    ]


def digest(content: Mapping[str, object]) -> str:
    """The first 16 hex digits of the SHA-256 of canonical JSON: for lineage, not for secrecy."""
    return hashlib.sha256(_CANONICAL.encode(content).encode()).hexdigest()[:16]
