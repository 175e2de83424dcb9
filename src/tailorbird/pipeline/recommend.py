"""Which items each person is shown: purchases are read, a recommender learns from them, the rules limit the choice."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from tailorbird.pipeline.select_people import HERO_FEATURES, Selection
from tailorbird.ports.recommender import Recommender
from tailorbird.ports.warehouse import Warehouse
from tailorbird.project.project import Project
from tailorbird.stages.decisions.hashing import person_hashes, uniforms
from tailorbird.stages.recommendation.history import History
from tailorbird.stages.recommendation.item_choice import ChoiceRules, choose_items
from tailorbird.stages.recommendation.purchases_sql import purchases_sql
from tailorbird.stages.recommendation.recommenders import RECOMMENDERS
from tailorbird.stages.recommendation.rules import allowed_items, margin_lift, read_margins
from tailorbird.types.campaign import Campaign
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.feature import FeatureTable
from tailorbird.types.item import Item
from tailorbird.types.item_spec import ItemSpec
from tailorbird.types.profile import Profile
from tailorbird.types.recommendation import Bought, ItemChoice, ItemTraits

_GUMBEL_STREAM = 1_000
_DAY = 86_400.0


class RecommenderError(TailorbirdError):
    """A recommender that is not there, or that gives something else than scores."""


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


def built_in(name: str) -> Recommender:
    """The built-in recommender of that name.

    Raises RecommenderError for any other name.
    """
    if name not in RECOMMENDERS:
        raise RecommenderError(f"no recommender {name!r} is installed (built in: {', '.join(sorted(RECOMMENDERS))})")
    return RECOMMENDERS[name]


def read_bought(
    warehouse: Warehouse,
    as_of: datetime,
    profiles: Sequence[Profile],
    item_ids: Sequence[str],
    allowed: Sequence[bool],
    cells: NDArray[np.int64],
) -> Bought:
    """Purchases before `as_of` of the people who allow personalization, as indices into `profiles` and `item_ids`.

    `cells` (people,) is each person's cell. What is not in the catalog any more teaches nothing.
    """
    person_at = {p.person_id: i for i, (p, ok) in enumerate(zip(profiles, allowed, strict=True)) if ok}
    item_at = {item_id: i for i, item_id in enumerate(item_ids)}
    found = [
        (person_at[person], item_at[product], when)
        for person, product, when in warehouse.rows(purchases_sql(as_of))
        if person in person_at and product in item_at
    ]
    people = np.fromiter((row[0] for row in found), dtype=np.int64, count=len(found))
    items = np.fromiter((row[1] for row in found), dtype=np.int64, count=len(found))
    days = np.fromiter((day_number(row[2]) for row in found), dtype=np.float64, count=len(found))
    return Bought(people, items, days, cells[people])


def day_number(when: datetime) -> float:
    """Days since 1970; a time without a zone is UTC."""
    return (when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() / _DAY


def just_bought(
    bought: Bought, rows: Sequence[int], n_people: int, as_of: float, exclude_days: float
) -> NDArray[np.int64]:
    """(pairs × 2) Every (place in `rows`, item) bought in the `exclude_days` before `as_of`, once each, by place."""
    place = np.full(n_people, -1, dtype=np.int64)
    place[np.asarray(rows, dtype=np.int64)] = np.arange(len(rows))
    first_fresh = int(np.searchsorted(bought.days, as_of - exclude_days))
    places, items = place[bought.people[first_fresh:]], bought.items[first_fresh:]
    width = int(items.max(initial=0)) + 1
    codes = np.unique(places[places >= 0] * width + items[places >= 0])
    return np.stack([codes // width, codes % width], axis=1)


def cells_of(table: FeatureTable, feature: str, n_people: int) -> NDArray[np.int64]:
    """Each person's cell by a feature's value, -1 where it is missing or withheld, or no feature is named."""
    if not feature:
        return np.full(n_people, -1, dtype=np.int64)
    values = [None if value is None else str(value) for value in table.columns[feature]]
    names = {name: at for at, name in enumerate(sorted({value for value in values if value is not None}))}
    return np.array([-1 if value is None else names[value] for value in values], dtype=np.int64)


def traits_of(items: Sequence[Item]) -> ItemTraits:
    """The words and families of items, for recommenders."""
    texts = [" ".join((item.name, item.family, *item.texts.get("", {}).values())) for item in items]
    return ItemTraits(texts, [item.family for item in items])


def choose_shown(
    project: Project,
    campaign: Campaign,
    selection: Selection,
    items: Mapping[str, Item],
    warehouse: Warehouse,
    recommenders: Callable[[str], Recommender] = built_in,
) -> Shown:
    """The items for the treated people, chosen before the words: a brief can be about the family of the item shown.

    Purchases of people who do not consent to personalization teach nothing, and choose nothing for them.
    Raises RecommenderError for a recommender that is not installed or gives no scores, RuleError for a rule that the
    catalog cannot answer.
    """
    spec, profiles, rows = campaign.items, selection.profiles, selection.treated
    item_ids = sorted(items)
    catalog = [items[item_id] for item_id in item_ids]
    as_of = day_number(selection.as_of)
    cells = cells_of(selection.table, spec.cell, len(profiles))
    cells = np.where(np.asarray(selection.allowed, dtype=bool), cells, -1)
    bought = read_bought(warehouse, selection.as_of, profiles, item_ids, selection.allowed, cells)
    history = History.build(bought, len(profiles), cells, as_of)
    last = history.last_items(rows)
    rules = _rules(catalog, spec)
    salt = f"{project.settings.name}|{campaign.name}|{campaign.step}"
    hashes = person_hashes([profiles[row].person_id for row in rows], f"{salt}|items")
    places = np.asarray(rows, dtype=np.int64)
    streams = np.arange(spec.candidates, dtype=np.uint64)[None, :] + np.uint64(_GUMBEL_STREAM)
    choice = choose_items(
        lambda start, end: uniforms(hashes[start:end, None], streams),
        _scores(recommenders(spec.recommender), bought, traits_of(catalog), as_of, history, places),
        just_bought(bought, rows, len(profiles), as_of, spec.exclude_bought_days),
        _forced(campaign, selection.table, rows, item_ids, items),
        rules,
        np.where(last >= 0, rules.families[last], -1) if spec.avoid_last_family else None,
    )
    return Shown(choice, item_ids, [item_ids[i] if i >= 0 else None for i in last.tolist()])


def _scores(
    recommender: Recommender, bought: Bought, traits: ItemTraits, as_of: float, history: History,
    rows: NDArray[np.int64],
) -> Callable[[int, int], NDArray[np.float64]]:  # fmt: skip
    scorer = recommender.fit(bought, traits, as_of)

    def score(start: int, end: int) -> NDArray[np.float64]:
        found = np.array(scorer.score_many(history.shoppers(rows[start:end])), dtype=np.float64)
        if found.shape != (end - start, len(traits.texts)):
            raise RecommenderError(
                f"the recommender {recommender.name!r} gave scores of shape {found.shape}, not people × items "
                f"({end - start} × {len(traits.texts)})"
            )
        return found

    return score


def _rules(catalog: Sequence[Item], spec: ItemSpec) -> ChoiceRules:
    margins = read_margins(catalog, spec.margin) if spec.margin else None
    names = {name: at for at, name in enumerate(sorted({item.family for item in catalog} - {""}))}
    return ChoiceRules(
        allowed_items(catalog, spec, margins),
        margin_lift(margins, spec.margin_weight, len(catalog)),
        np.array([names.get(item.family, -1) for item in catalog], dtype=np.int64),
        spec.slots,
        spec.candidates,
        spec.temperature,
        spec.per_family,
    )


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
