"""Variants: choosing and deciding once for each variant of an experiment, and putting the answers together again.

`choose_shown` and `decide_treatment` know no variants: they get the variant's campaign (its policy and items in place
of the campaign's), its people and its lines. Without an experiment they are called once, with everything.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tailorbird.pipeline.decide import decide_treatment
from tailorbird.pipeline.plan_briefs import BriefPlan
from tailorbird.pipeline.policies import Learned
from tailorbird.pipeline.recommend import Shown, built_in, choose_shown
from tailorbird.pipeline.select_people import Selection
from tailorbird.ports.recommender import Recommender
from tailorbird.ports.warehouse import Warehouse
from tailorbird.project.project import Project
from tailorbird.stages.assignment.lines import compared_blocks, fresh_lines, variant_lines
from tailorbird.stages.budget.tiers import lines_of_tier
from tailorbird.types.campaign import Campaign
from tailorbird.types.creative import Creative
from tailorbird.types.decision import Decision
from tailorbird.types.item import Item
from tailorbird.types.recommendation import ItemChoice


@dataclass(frozen=True)
class VariantPart:
    """One variant: its campaign, the tags its lines must bear, and the places of its people among the treated.
    `tier` limits lines to one tier's ('': all)."""

    name: str
    campaign: Campaign
    tags: Mapping[str, str]
    places: Sequence[int]
    tier: str = ""


def variant_parts(campaign: Campaign, selection: Selection) -> list[VariantPart]:
    """The campaign by variant, in the file's order; one part named '' without variants."""
    experiment = campaign.experiment
    if experiment is None or not experiment.variants:
        return [VariantPart("", campaign, {}, range(len(selection.treated)))]
    places: dict[str, list[int]] = {name: [] for name in experiment.variants}
    for place, name in enumerate(selection.variants):
        places[name].append(place)
    return [
        VariantPart(
            name,
            replace(campaign, policy=spec.policy or campaign.policy, items=spec.items or campaign.items),
            spec.lines,
            places[name],
            spec.tier,
        )
        for name, spec in experiment.variants.items()
    ]


def choose_for_variants(
    project: Project,
    campaign: Campaign,
    selection: Selection,
    items: Mapping[str, Item],
    warehouse: Warehouse,
    recommenders: Callable[[str], Recommender] = built_in,
) -> Shown:
    """The items for all treated people, in their order; one call for all variants that choose items alike."""

    def choose(one: Campaign, some: Selection) -> Shown:
        return choose_shown(project, one, some, items, warehouse, recommenders)

    parts = [part for part in variant_parts(campaign, selection) if part.places]
    alike: list[tuple[Campaign, list[int]]] = []
    for part in parts:
        same = next((places for known, places in alike if known.items == part.campaign.items), None)
        if same is None:
            alike.append((part.campaign, list(part.places)))
        else:
            same.extend(part.places)
    if len(alike) <= 1:
        return choose(alike[0][0] if alike else campaign, selection)
    found = [choose(one, _rows(selection, places)) for one, places in alike]
    return _put_together(found, [places for _, places in alike], len(selection.treated))


def _rows(selection: Selection, places: Sequence[int]) -> Selection:
    return replace(selection, treated=[selection.treated[at] for at in places], variants=())


def _put_together(found: Sequence[Shown], places: Sequence[Sequence[int]], people: int) -> Shown:
    last: list[str | None] = [None] * people
    for shown, where in zip(found, places, strict=True):
        for at, item in zip(where, shown.last_items, strict=True):
            last[at] = item
    columns = {
        field.name: _rows_of([getattr(shown.choice, field.name) for shown in found], places, people, field.name)
        for field in fields(ItemChoice)
    }
    return replace(found[0], choice=ItemChoice(**columns), last_items=last)


def _rows_of(parts: Sequence[NDArray[Any]], places: Sequence[Sequence[int]], people: int, name: str) -> NDArray[Any]:
    width = max(part.shape[1] for part in parts)
    whole = np.full((people, width), -1 if name == "items" else 0, dtype=parts[0].dtype)
    for part, where in zip(parts, places, strict=True):
        whole[np.asarray(where, dtype=np.int64), : part.shape[1]] = part
    return whole


def decide_for_variants(
    project: Project,
    campaign: Campaign,
    selection: Selection,
    shown: Shown,
    plan: BriefPlan,
    items: Mapping[str, Item],
    creatives: Sequence[Creative],
    learned: Learned,
    made: Callable[[], Sequence[Decision]] = tuple,
    tiers: Sequence[str] = (),
) -> list[Decision]:
    """Slates for the treated people in their order, each by the policy and lines of the person's variant.

    `learned` gets the arm sets. `made` reads the campaign's earlier decisions; it is asked where the variants are held
    equally fresh. `tiers` is the tier of each treated person. Raises VariantError for a variant without lines.
    """
    parts = parts_by_tier(variant_parts(campaign, selection), tiers)
    tags_of = {part.name: part.tags for part in parts}
    compared = compared_blocks(creatives, tags_of)
    allowed = _allowed(campaign, creatives, made) if compared else None
    decided: dict[int, Decision] = {}
    for part in parts:
        if not part.places:
            continue
        locales = {plan.locales[at] for at in part.places}
        lines = variant_lines(lines_of_tier(creatives, part.tier), part.name, part.tags, compared, locales, allowed)
        whole = len(parts) == 1
        one = decide_treatment(
            project,
            part.campaign,
            selection if whole else _rows(selection, part.places),
            shown if whole else _shown_to(shown, part.places),
            plan if whole else _plan_of(plan, part.places),
            items,
            lines,
            learned,
            part.name,
        )
        for at, decision in zip(part.places, one, strict=True):
            decided[at] = without_message(decision) if part.tier == "none" else decision
            if part.name or selection.strata:
                stratum = selection.strata.get(selection.treated[at], "")
                decided[at] = replace(decided[at], variant=part.name, stratum=stratum)
    return [decided[at] for at in range(len(selection.treated))]


def parts_by_tier(parts: Sequence[VariantPart], tiers: Sequence[str]) -> list[VariantPart]:
    """The parts, split where their people have different tiers; a variant's own tier goes before the person's."""
    if not tiers:
        return list(parts)
    found: list[VariantPart] = []
    for part in parts:
        places: dict[str, list[int]] = {}
        for at in part.places:
            places.setdefault(part.tier or tiers[at], []).append(at)
        found += [replace(part, tier=tier, places=where) for tier, where in sorted(places.items())]
    return found


def without_message(decision: Decision) -> Decision:
    """The decision as one of tier 'none': made, counted, and nothing is sent."""
    return replace(decision, slate=(), held="tier", reason="tier none: a message is not worth its cost here")


def _allowed(
    campaign: Campaign, creatives: Sequence[Creative], made: Callable[[], Sequence[Decision]]
) -> frozenset[str] | None:
    if campaign.experiment is None or "freshness" not in campaign.experiment.equal:
        return None
    before: set[str] = set()
    within: set[str] = set()
    for decision in made():
        if decision.step != campaign.step:
            shown = {place.creative_id for place in decision.slate if place.creative_id}
            (within if decision.variant else before).update(shown)
    return fresh_lines(creatives, before, within)


def _shown_to(shown: Shown, places: Sequence[int]) -> Shown:
    rows = np.asarray(places, dtype=np.int64)
    choice = ItemChoice(**{field.name: getattr(shown.choice, field.name)[rows] for field in fields(ItemChoice)})
    return replace(shown, choice=choice, last_items=[shown.last_items[at] for at in places])


def _plan_of(plan: BriefPlan, places: Sequence[int]) -> BriefPlan:
    return replace(plan, subjects=[plan.subjects[at] for at in places], locales=[plan.locales[at] for at in places])
