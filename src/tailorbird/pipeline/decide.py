"""Deciding a whole audience: items, then copy, in columns."""

import hashlib
import json
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from tailorbird.pipeline.plan_briefs import BriefPlan
from tailorbird.pipeline.select_people import HERO_FEATURES, Selection, serve_locale
from tailorbird.ports.warehouse import Warehouse
from tailorbird.project.project import Project
from tailorbird.stages.briefs.person_slots import clean_first_name
from tailorbird.stages.briefs.slot_values import item_slots
from tailorbird.stages.decisions.hashing import person_hashes
from tailorbird.stages.decisions.item_choice import ItemChoice, choose_items
from tailorbird.stages.decisions.neighbours import find_neighbours
from tailorbird.stages.decisions.purchases_sql import purchases_sql
from tailorbird.stages.decisions.slate import CreativeCatalog, PeopleRows, decide_many, decision_id
from tailorbird.types.arm_set import ArmSet
from tailorbird.types.campaign import Campaign
from tailorbird.types.creative import Creative
from tailorbird.types.decision import Decision, Held, Placement
from tailorbird.types.feature import FeatureTable
from tailorbird.types.item import Item
from tailorbird.types.profile import Profile

_RECENT = 10
_CANONICAL = json.JSONEncoder(sort_keys=True, default=str)


@dataclass(frozen=True)
class Purchases:
    """What everybody bought, as indices: people, items, and when; oldest first. Withheld people are left out."""

    people: NDArray[np.int64]
    items: NDArray[np.int64]
    when: Sequence[datetime]


def read_purchases(
    warehouse: Warehouse, as_of: datetime, profiles: Sequence[Profile], item_ids: Sequence[str], allowed: Sequence[bool]
) -> Purchases:
    """Purchases of the people who allow personalization, as indices into `profiles` and `item_ids`."""
    person_at = {p.person_id: i for i, (p, ok) in enumerate(zip(profiles, allowed, strict=True)) if ok}
    item_at = {item_id: i for i, item_id in enumerate(item_ids)}
    found = [
        (person_at[person], item_at[product], when)
        for person, product, when in warehouse.rows(purchases_sql(as_of))
        if person in person_at and product in item_at
    ]
    people = np.fromiter((row[0] for row in found), dtype=np.int64, count=len(found))
    items = np.fromiter((row[1] for row in found), dtype=np.int64, count=len(found))
    return Purchases(people, items, [row[2] for row in found])


def _last_bought(purchases: Purchases, n_people: int) -> NDArray[np.int64]:
    """Per person (of all) the last items bought, newest first, -1 where there are fewer."""
    recent = np.full((n_people, _RECENT), -1, dtype=np.int64)
    newest = np.lexsort((-np.arange(len(purchases.people)), purchases.people))
    people, bought = purchases.people[newest], purchases.items[newest]
    place = np.arange(len(people)) - np.searchsorted(people, people)
    late = place < _RECENT
    recent[people[late], place[late]] = bought[late]
    return recent


def just_bought(
    purchases: Purchases, rows: Sequence[int], n_people: int, as_of: datetime, exclude_days: int
) -> NDArray[np.int64]:
    """(pairs × 2) Every (place in `rows`, item) bought in the `exclude_days` before `as_of`, once each, by place."""
    place = np.full(n_people, -1, dtype=np.int64)
    place[np.asarray(rows, dtype=np.int64)] = np.arange(len(rows))
    after = (as_of - timedelta(days=exclude_days)).replace(tzinfo=None)
    first_fresh = bisect_left(purchases.when, after, key=lambda when: when.replace(tzinfo=None))
    places, items = place[purchases.people[first_fresh:]], purchases.items[first_fresh:]
    width = int(items.max(initial=0)) + 1
    codes = np.unique(places[places >= 0] * width + items[places >= 0])
    return np.stack([codes // width, codes % width], axis=1)


def _forced(
    campaign: Campaign, table: FeatureTable, rows: Sequence[int], item_ids: Sequence[str], items: Mapping[str, Item]
) -> NDArray[np.int64]:
    """The item each person's message must show first (-1: none): the basket's, or the one to replenish."""
    feature = HERO_FEATURES.get(campaign.items.source)
    if feature is None:
        return np.full(len(rows), -1, dtype=np.int64)
    item_at = {item_id: i for i, item_id in enumerate(item_ids)}
    values = [table.columns[feature][row] for row in rows]
    shown = [item_at.get(v, -1) if v in items and items[v].in_stock else -1 for v in values]
    return np.array(shown, dtype=np.int64)


@dataclass(frozen=True)
class Shown:
    """Which items each treated person is shown, and what they bought last (None: unknown or withheld)."""

    choice: ItemChoice
    item_ids: Sequence[str]
    last_items: Sequence[str | None]

    def heroes(self) -> list[str | None]:
        """The item that each message shows first."""
        first = self.choice.items[:, 0].tolist() if self.choice.items.shape[1] else [-1] * len(self.last_items)
        return [self.item_ids[item] if item >= 0 else None for item in first]


def choose_shown(
    project: Project, campaign: Campaign, selection: Selection, items: Mapping[str, Item], warehouse: Warehouse
) -> Shown:
    """The items for the treated people, chosen before the words: a brief can be about the family of the item shown.

    Purchases of people who do not consent to personalization teach nothing, and choose nothing for them.
    """
    profiles, rows = selection.profiles, selection.treated
    item_ids = sorted(items)
    salt = f"{project.settings.name}|{campaign.name}|{campaign.step}"
    hashes = person_hashes([profiles[row].person_id for row in rows], f"{salt}|items")
    purchases = read_purchases(warehouse, selection.as_of, profiles, item_ids, selection.allowed)
    recent = _last_bought(purchases, len(profiles))
    names = sorted({item.family for item in items.values()})
    families = np.array([names.index(items[item_id].family) for item_id in item_ids], dtype=np.int64)
    last = recent[rows, 0]
    choice = choose_items(
        hashes,
        recent[rows],
        just_bought(purchases, rows, len(profiles), selection.as_of, campaign.items.exclude_bought_days),
        _forced(campaign, selection.table, rows, item_ids, items),
        np.array([items[item_id].in_stock for item_id in item_ids], dtype=bool),
        find_neighbours(purchases.people, purchases.items, len(item_ids)),
        campaign.items.slots,
        campaign.items.candidates,
        campaign.items.temperature,
        families,
        np.where(last >= 0, families[last], -1) if campaign.items.avoid_last_family else None,
    )
    return Shown(choice, item_ids, [item_ids[i] if i >= 0 else None for i in last.tolist()])


def decide_treatment(
    project: Project,
    campaign: Campaign,
    selection: Selection,
    shown: Shown,
    plan: BriefPlan,
    items: Mapping[str, Item],
    creatives: Sequence[Creative],
    posterior: tuple[str, Mapping[str, tuple[float, float]]],
    drawn: dict[str, ArmSet] | None = None,
) -> list[Decision]:
    """Slates for the treated people: the items of `shown`, and copy by the policy. `plan` has a subject and a locale
    for each of them; `drawn` gets the arm sets that creatives were drawn from."""
    people = _people(project, selection, plan, items, shown)
    subject_of = {brief.brief_id: brief.subject.label() for brief in plan.briefs}
    return decide_many(
        people,
        shown.choice,
        shown.item_ids,
        CreativeCatalog.build(creatives, subject_of),
        _families(project, creatives),
        posterior[1],
        posterior[0],
        campaign,
        project.settings.name,
        selection.as_of,
        f"matches audience {campaign.audience}",
        [_last_item(last) for last in shown.last_items],
        drawn,
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
