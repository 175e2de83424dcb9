"""Layers, holdouts, strata and variants of a campaign, on the shop's people and a real state database."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tailorbird.pipeline.assign import read_earlier
from tailorbird.types.decision import Decision
from tailorbird.types.experiment import ExperimentSettings, ExperimentSpec, LayerSettings, VariantSpec

pytestmark = pytest.mark.slow

TWO = {"plain": VariantSpec(), "warm": VariantSpec(weight=3)}


def with_experiment(opened: Any, **changed: Any) -> Any:
    return replace(opened.campaign, experiment=ExperimentSpec(**changed))


def with_settings(opened: Any, **changed: Any) -> Any:
    settings = replace(opened.project.settings, experiments=ExperimentSettings(**changed))
    return replace(opened, project=replace(opened.project, settings=settings))


def decision(opened: Any, person: str, arm: Any = "treatment", days: int = 1, **changed: Any) -> Decision:
    campaign = changed.pop("campaign", "win_back")
    at = opened.moment - timedelta(days=days)
    return replace(
        Decision(f"d_{campaign}{days}_{person}", campaign, "0", person, arm, at, (), "", "", "", ""), **changed
    )


def people(selection: Any, rows: Any) -> list[str]:
    return [selection.profiles[row].person_id for row in rows]


def test_variants_split_the_treated_by_weight_and_leave_the_holdout_as_it_was(opened: Any, empty_state: Any) -> None:
    found = opened.select(empty_state, with_experiment(opened, variants=TWO, control="plain"))
    assert list(found.treated) == list(opened.selection.treated)
    assert list(found.holdout) == list(opened.selection.holdout)
    count = Counter(found.variants)
    assert sum(count.values()) == len(found.treated)
    assert 0.6 < count["warm"] / len(found.treated) < 0.9
    assert found.detail()["shares"] == {"holdout": 0.3, "plain": pytest.approx(0.175), "warm": pytest.approx(0.525)}


def test_who_is_in_a_variant_stays_there_and_who_was_in_none_is_drawn_into_one(opened: Any, empty_state: Any) -> None:
    campaign = with_experiment(opened, variants=TWO, control="plain")
    first = opened.select(empty_state, campaign)
    some = people(opened.selection, first.treated[:30])
    empty_state.decisions.save(
        [decision(opened, p, variant="plain") for p in some[:10]]
        + [decision(opened, p, variant="gone") for p in some[10:20]]
        + [decision(opened, p) for p in some[20:]]
    )
    again = opened.select(empty_state, replace(campaign, holdout=0.9))
    now = dict(zip(people(again, again.treated), again.variants, strict=True))
    before = dict(zip(people(first, first.treated), first.variants, strict=True))
    assert all(now[p] == "plain" for p in some[:10])
    assert [now[p] for p in some[10:]] == [before[p] for p in some[10:]]


def test_strata_are_split_evenly_holdout_and_variants_alike(opened: Any, empty_state: Any) -> None:
    feature = "last_family"
    assert feature in opened.selection.table.columns, sorted(opened.selection.table.columns)
    campaign = with_experiment(
        opened, variants={"a": VariantSpec(), "b": VariantSpec()}, control="a", strata=(feature,)
    )
    found = opened.select(empty_state, campaign)
    column = found.table.columns[feature]
    cells = Counter(column[row] for row in (*found.treated, *found.holdout))
    held = Counter(column[row] for row in found.holdout)
    arms = Counter((column[row], variant) for row, variant in zip(found.treated, found.variants, strict=True))
    for cell, size in cells.items():
        assert abs(held[cell] - 0.3 * size) <= 1
        assert abs(arms[cell, "a"] - 0.35 * size) <= 1


def test_newcomers_of_a_later_step_are_split_evenly_among_themselves(opened: Any, empty_state: Any) -> None:
    feature = "last_family"
    campaign = with_experiment(
        opened, variants={"a": VariantSpec(), "b": VariantSpec()}, control="a", strata=(feature,)
    )
    first = opened.select(empty_state, campaign)
    rows = sorted((*first.treated, *first.holdout))
    # Whoever came before is all in one arm: nothing of that may be made up for, or continued, among the newcomers.
    old = {opened.selection.profiles[row].person_id for row in rows[::2]}
    empty_state.decisions.save([decision(opened, person, variant="a") for person in sorted(old)])
    found = opened.select(empty_state, campaign)
    column = found.table.columns[feature]
    new = [row for row in rows if found.profiles[row].person_id not in old]
    sizes, held = Counter(column[row] for row in new), Counter(column[row] for row in found.holdout)
    arms = Counter((column[row], name) for row, name in zip(found.treated, found.variants, strict=True) if row in new)
    for cell, size in sizes.items():
        assert abs(held[cell] - 0.3 * size) <= 1
        assert abs(arms[cell, "a"] - 0.35 * size) <= 1 and abs(arms[cell, "b"] - 0.35 * size) <= 1


def test_the_holdout_of_all_campaigns_gets_nothing_of_any_and_is_counted_apart(opened: Any, empty_state: Any) -> None:
    shop = with_settings(opened, global_holdout=0.2)
    found = shop.select(empty_state)
    apart = set(people(found, found.global_holdout))
    assert 0.1 < len(apart) / found.matched < 0.3
    assert not apart & set(people(found, (*found.treated, *found.holdout)))
    detail = found.detail()
    assert detail["matched"] == detail["eligible"] + sum(detail["excluded"].values())
    other = shop.select(empty_state, replace(opened.campaign, name="another"))
    assert set(people(other, other.global_holdout)) == apart
    assert detail["global_share"] == 0.2 and opened.select(empty_state).detail()["global_share"] == 0


def test_a_larger_holdout_of_all_takes_people_out_of_the_campaign_too_and_no_rename_brings_any_back(
    opened: Any, empty_state: Any
) -> None:
    small, large = (with_settings(opened, global_holdout=share, global_salt="wren") for share in (0.1, 0.3))
    before = set(small.select(empty_state).global_holdout)
    renamed = replace(large, project=replace(large.project, settings=replace(large.project.settings, name="robin")))
    assert before < set(renamed.select(empty_state).global_holdout)
    some = people(opened.selection, sorted(before))
    empty_state.decisions.save([decision(opened, p) for p in some])
    assert before <= set(large.select(empty_state).global_holdout)


def test_a_mailbox_is_held_out_of_all_if_one_of_its_people_is(opened: Any, empty_state: Any) -> None:
    shop = with_settings(opened, global_holdout=0.2)
    found = shop.select(empty_state)
    held, free = (people(found, rows)[0] for rows in (found.global_holdout, found.treated))
    email = next(p.email for p in found.profiles if p.person_id == held)
    opened.warehouse.run("CREATE OR REPLACE TABLE people_before AS SELECT * FROM people")
    try:
        opened.warehouse.run(f"UPDATE people SET email = '{email.upper()}' WHERE person_id = '{free}'")
        assert free not in people(found, shop.select(empty_state).treated)
    finally:
        opened.warehouse.run("DELETE FROM people")
        opened.warehouse.run("INSERT INTO people SELECT * FROM people_before")


def test_campaigns_of_one_layer_share_nobody(opened: Any, empty_state: Any) -> None:
    shop = with_settings(opened, layers={"mail": LayerSettings({"win_back": 0.5, "other": 0.5})})
    here = with_experiment(opened, layer="mail")
    one = shop.select(empty_state, here)
    two = shop.select(empty_state, replace(here, name="other"))
    mine, theirs = ({*found.treated, *found.holdout} for found in (one, two))
    assert not mine & theirs and mine and theirs
    assert mine | theirs == {*opened.selection.treated, *opened.selection.holdout}
    assert one.excluded["other_experiment"] == len(theirs)


def test_who_is_in_a_campaign_of_the_layer_stays_with_it_when_the_shares_change(opened: Any, empty_state: Any) -> None:
    shop = with_settings(opened, layers={"mail": LayerSettings({"win_back": 0.5, "other": 0.5})})
    turned = with_settings(opened, layers={"mail": LayerSettings({"other": 0.5, "win_back": 0.5})})
    here = with_experiment(opened, layer="mail")
    before = shop.select(empty_state, here)
    some = people(before, before.treated[:20])
    empty_state.decisions.save([decision(opened, p) for p in some])
    assert set(some) <= set(people(before, turned.select(empty_state, here).treated))
    assert not set(some) & set(people(before, turned.select(empty_state, replace(here, name="other")).treated))


def test_the_arm_is_that_of_the_first_decision_and_the_holdout_of_all_gives_none(opened: Any) -> None:
    made = [
        decision(opened, "a", "holdout", 3, held="global"),
        decision(opened, "a", days=2),
        decision(opened, "a", days=1, variant="warm"),
        decision(opened, "b", "holdout", 2, held="campaign"),
        decision(opened, "b", days=1),
    ]
    earlier = read_earlier(made)
    assert earlier.arms == {"a": "treatment", "b": "holdout"}
    assert earlier.variants == {"a": "warm"}
    assert earlier.since["a"] == made[1].decided_at
    assert earlier.silent == {"a"}


def test_who_is_held_out_of_all_keeps_the_place_at_an_address_as_others_do(opened: Any, empty_state: Any) -> None:
    first, second = sorted(people(opened.selection, opened.selection.treated))[:2]
    shop = with_settings(opened, global_holdout=0.5)
    email = next(p.email for p in opened.selection.profiles if p.person_id == first)
    empty_state.decisions.save([decision(opened, second, "holdout", held="global")])
    opened.warehouse.run("CREATE OR REPLACE TABLE people_before AS SELECT * FROM people")
    try:
        opened.warehouse.run(f"UPDATE people SET email = '{email}' WHERE person_id = '{second}'")
        found = shop.select(empty_state)
        left = people(found, [*found.treated, *found.holdout, *found.global_holdout])
        assert second in left and first not in left
    finally:
        opened.warehouse.run("DELETE FROM people")
        opened.warehouse.run("INSERT INTO people SELECT * FROM people_before")
