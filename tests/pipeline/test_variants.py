"""Variants decide each by its own lines, policy and items."""

from dataclasses import replace
from typing import Any

import pytest

from tailorbird.pipeline.policies import Learned
from tailorbird.pipeline.variants import choose_for_variants, decide_for_variants, variant_parts
from tailorbird.stages.assignment.lines import VariantError
from tailorbird.stages.bandits.kinds import make_policy
from tailorbird.types.experiment import ExperimentSpec, VariantSpec

pytestmark = pytest.mark.slow

FRESH = Learned(make_policy)


@pytest.fixture
def tried(opened: Any, empty_state: Any) -> Any:
    """Decides the shop's campaign with these variants: (campaign, selection, what is shown, decisions)."""

    def decide(variants: dict[str, VariantSpec], creatives: Any = None, made: Any = tuple, **changed: Any) -> Any:
        spec = ExperimentSpec(variants=variants, control=next(iter(variants), ""), **changed)
        campaign = replace(opened.campaign, experiment=spec)
        selection = opened.select(empty_state, campaign)
        shown = choose_for_variants(opened.project, campaign, selection, opened.items, opened.warehouse)
        plan = opened.plan(shown)
        decided = decide_for_variants(
            opened.project, campaign, selection, shown, plan, opened.items,
            opened.creatives if creatives is None else creatives, FRESH, made=made,
        )  # fmt: skip
        return campaign, selection, shown, decided

    return decide


def tagged(opened: Any, tone_of: dict[str, str]) -> list[Any]:
    lines = {c.creative_id for c in subjects(opened)}
    return [
        replace(c, tags={**c.tags, "tone": tone_of.get(c.creative_id, "plain")}) if c.creative_id in lines else c
        for c in opened.creatives
    ]


def subjects(opened: Any) -> list[Any]:
    found = [c for c in opened.creatives if c.block == "subject" and c.rung != "template"]
    return sorted(found, key=lambda c: (c.locale, c.creative_id))


def test_a_variant_that_changes_nothing_decides_as_the_campaign_does(opened: Any, tried: Any) -> None:
    _, selection, shown, decided = tried({"a": VariantSpec(), "b": VariantSpec()})
    plan = opened.plan(shown)
    alone = opened.decide(list(selection.treated), shown, plan)
    assert [replace(d, variant="") for d in decided] == alone
    assert [d.variant for d in decided] == list(selection.variants)


def test_each_variant_shows_only_lines_with_its_tags_where_they_differ(opened: Any, tried: Any) -> None:
    warm = {c.creative_id for place, c in enumerate(subjects(opened)) if place % 2}
    lines = tagged(opened, dict.fromkeys(warm, "warm"))
    _, _, _, decided = tried({"all": VariantSpec(), "warm": VariantSpec(lines={"tone": "warm"})}, lines)
    chosen = {"all": set(), "warm": set()}  # type: dict[str, set[str]]
    kept = {c.creative_id for c in lines if c.rung == "template"} | warm
    for decision in decided:
        chosen[decision.variant] |= {p.creative_id for p in decision.slate if p.block == "subject"}
    assert chosen["warm"] <= kept and chosen["all"] - kept
    assert {p.block for d in decided for p in d.slate} == {
        p.block for d in decided if d.variant == "all" for p in d.slate
    }


def test_a_variant_with_a_policy_of_its_own_has_its_propensities(opened: Any, tried: Any) -> None:
    one_arm = replace(opened.campaign.policy, arms_max=1)
    _, _, _, decided = tried({"many": VariantSpec(), "one": VariantSpec(policy=one_arm)})
    most = {
        variant: max(p.eligible for d in decided if d.variant == variant for p in d.slate if p.creative_id)
        for variant in ("many", "one")
    }
    assert most["one"] == 1 < most["many"]


def test_a_variant_with_items_of_its_own_shows_them_and_all_stay_in_order(opened: Any, tried: Any) -> None:
    wide = replace(opened.campaign.items, slots=opened.campaign.items.slots + 1)
    _, selection, shown, decided = tried({"a": VariantSpec(), "wide": VariantSpec(items=wide)})
    assert [d.person_id for d in decided] == [selection.profiles[row].person_id for row in selection.treated]
    count = {v: {sum(p.block == "item" for p in d.slate) for d in decided if d.variant == v} for v in ("a", "wide")}
    assert max(count["wide"]) == wide.slots > max(count["a"])
    assert len(shown.last_items) == len(selection.treated)


def test_the_audience_is_equal_where_a_variant_needs_an_item_of_each_person(opened: Any, empty_state: Any) -> None:
    basket = VariantSpec(items=replace(opened.campaign.items, source="basket"))
    spec = ExperimentSpec(variants={"a": VariantSpec(), "b": basket}, control="a")
    equal = opened.select(empty_state, replace(opened.campaign, experiment=spec))
    free = opened.select(empty_state, replace(opened.campaign, experiment=replace(spec, equal=())))
    basket_of = equal.table.columns["basket_item"]
    assert all(basket_of[row] for row in (*equal.treated, *equal.holdout))
    assert equal.excluded["no_item"] and "no_item" not in free.excluded


def test_equally_fresh_variants_show_no_line_that_somebody_saw_before(opened: Any, tried: Any) -> None:
    lines = subjects(opened)
    warm = {c.creative_id: "warm" for c in lines[::2]}
    marked = tagged(opened, warm)
    variants = {"plain": VariantSpec(lines={"tone": "plain"}), "warm": VariantSpec(lines={"tone": "warm"})}
    _, _, _, before = tried({})
    seen = {p.creative_id for d in before for p in d.slate if p.block == "subject"}
    old = [replace(d, step="0") for d in before]
    some = min(seen & set(warm))
    only = [replace(d, slate=tuple(p for p in d.slate if p.creative_id == some)) for d in old]
    _, _, _, decided = tried(variants, marked, lambda: only, equal=("freshness",))
    assert some not in {p.creative_id for d in decided for p in d.slate}
    with pytest.raises(VariantError, match="nobody saw before"):
        tried(
            variants,
            [c for c in marked if c.creative_id in seen or c.block != "subject"],
            lambda: old,
            equal=("freshness",),
        )


def test_without_variants_there_is_one_part_with_everybody(opened: Any) -> None:
    (part,) = variant_parts(opened.campaign, opened.selection)
    assert part.name == "" and list(part.places) == list(range(len(opened.selection.treated)))
