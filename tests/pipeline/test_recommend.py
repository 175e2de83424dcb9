"""Items for an audience: what was bought and what the rules say, and what people who do not consent keep to themselves."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from tailorbird.pipeline.recommend import RecommenderError, built_in, cells_of, choose_shown, day_number, just_bought
from tailorbird.stages.recommendation.rules import RuleError
from tailorbird.types.feature import FeatureTable
from tailorbird.types.recommendation import Bought, ItemTraits, Shoppers


def shown_with(opened: Any, **changed: Any) -> Any:
    campaign = replace(opened.campaign, items=replace(opened.campaign.items, **changed))
    return opened.show(list(opened.selection.treated), campaign)


def test_everything_just_bought_is_left_out_however_much_it_was() -> None:
    days = np.array([-100.0] * 3 + [-2.0] * 200)
    items = np.array([90, 91, 92, *range(80), *([7] * 120)])
    people = np.array([1] * 3 + [1] * 198 + [0, 2])
    bought = Bought(people, items, days, np.zeros(203, dtype=np.int64))
    assert just_bought(bought, [2, 1], 3, 0.0, 90).tolist() == [[0, 7], *([1, item] for item in range(80))]
    assert just_bought(bought, [2, 1], 3, 0.0, 0).tolist() == []


def test_days_are_counted_in_utc_with_or_without_a_zone() -> None:
    assert (
        day_number(datetime(1970, 1, 2, tzinfo=UTC).replace(tzinfo=None))
        == day_number(datetime(1970, 1, 2, tzinfo=UTC))
        == 1.0
    )


def test_a_withheld_or_missing_value_makes_no_cell() -> None:
    table = FeatureTable(datetime(2026, 6, 1, tzinfo=UTC), ["a", "b", "c"], {"country": ["GB", None, "DE"]})
    assert cells_of(table, "country", 3).tolist() == [1, -1, 0]
    assert cells_of(table, "", 3).tolist() == [-1, -1, -1]


def test_a_message_shows_each_family_once_where_the_campaign_says_so(opened: Any) -> None:
    shown = shown_with(opened, per_family=1)
    for row in shown.choice.items.tolist():
        families = [opened.items[shown.item_ids[item]].family for item in row if item >= 0]
        assert len(families) == opened.campaign.items.slots == len(set(families))


def test_people_without_history_see_what_is_popular_and_the_popular_recommender_shows_it_to_all(opened: Any) -> None:
    shown = shown_with(opened, recommender="popular", candidates=4, exclude_bought_days=0, avoid_last_family=False)
    assert len({item for row in shown.choice.items.tolist() for item in row}) == 4


def test_too_few_in_stock_are_not_shown(opened: Any) -> None:
    shown = shown_with(opened, stock_min=30)
    for row in shown.choice.items.tolist():
        stocks = [opened.items[shown.item_ids[item]].stock for item in row if item >= 0]
        assert all(stock is None or stock >= 30 for stock in stocks)


def test_a_margin_that_the_catalog_does_not_hold_is_refused(opened: Any) -> None:
    with pytest.raises(RuleError, match="'profit'"):
        shown_with(opened, margin="profit", margin_weight=1.0)


def test_a_recommender_that_nobody_installed_is_told_with_those_that_are_there(opened: Any) -> None:
    with pytest.raises(RecommenderError, match=r"'two_towers'.*neighbours, popular"):
        shown_with(opened, recommender="two_towers")
    assert built_in("popular").name == "popular"


@dataclass(frozen=True)
class Last:
    """A recommender of one's own: the last item of the catalog first; `wrong` gives scores of a wrong shape."""

    wrong: int = 0
    n: int = 0
    name: str = "last"

    def fit(self, bought: Bought, traits: ItemTraits, as_of: float) -> "Last":
        return replace(self, n=len(traits.texts))

    def score_many(self, shoppers: Shoppers) -> np.ndarray:
        return np.tile(np.arange(self.n + self.wrong).astype(np.float64), (len(shoppers.recent), 1))


def test_a_recommender_of_ones_own_decides_and_one_that_gives_no_scores_is_refused(opened: Any) -> None:
    spec = replace(opened.campaign.items, exclude_bought_days=0, candidates=4, avoid_last_family=False)
    campaign = replace(opened.campaign, items=spec)
    some = replace(opened.selection, treated=list(opened.selection.treated)[:50])
    args = (opened.project, campaign, some, opened.items, opened.warehouse)
    shown = choose_shown(*args, recommenders=lambda name: Last())
    ranked = [n for n, item_id in enumerate(shown.item_ids) if opened.items[item_id].in_stock][-4:]
    assert {item for row in shown.choice.items.tolist() for item in row} == set(ranked)
    with pytest.raises(RecommenderError, match="people × items"):
        choose_shown(*args, recommenders=lambda name: Last(wrong=1))


def test_purchases_of_people_who_do_not_consent_teach_nothing(opened: Any) -> None:
    everybody = replace(opened.selection, allowed=[True] * len(opened.selection.allowed))
    nobody = replace(opened.selection, allowed=[False] * len(opened.selection.allowed))
    rows = list(opened.selection.treated)[:80]
    known, unknown = opened.show(rows, selection=everybody), opened.show(rows, selection=nobody)
    assert any(known.last_items) and not any(unknown.last_items)
    assert not (known.choice.items == unknown.choice.items).all()
