"""How well recommenders guess what people buy next: purchases are cut at a moment, learned before it, judged after."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tailorbird.pipeline.people import compute_features
from tailorbird.pipeline.recommend import built_in, cells_of, day_number, read_bought, traits_of
from tailorbird.pipeline.select_people import PERSONALIZATION
from tailorbird.ports.recommender import Recommender
from tailorbird.ports.warehouse import Warehouse
from tailorbird.project.project import Project
from tailorbird.stages.consent.effective import ConsentRules
from tailorbird.stages.recommendation.history import History
from tailorbird.stages.recommendation.ranking_metrics import Ranked, mean_interval, rank_items
from tailorbird.types.campaign import Campaign
from tailorbird.types.consent import is_granted
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.item import Item
from tailorbird.types.recommendation import Bought

LIST = 10
_ROWS_AT_ONCE = 250


class TooLittleToJudgeError(TailorbirdError):
    """Nobody bought on both sides of the cut."""


@dataclass(frozen=True)
class TimeSplit:
    """Purchases before `cut` (days since 1970); what each of `people` had bought before, and bought after."""

    before: Bought
    cut: float
    history: History
    people: NDArray[np.int64]
    known: NDArray[np.bool_]
    after: NDArray[np.bool_]


def split_by_time(bought: Bought, cells: NDArray[np.int64], n_items: int, days: float) -> TimeSplit:
    """Cut `days` before the last purchase. Raises TooLittleToJudgeError where nobody bought on both sides."""
    cut = float(bought.days.max(initial=0.0)) - days
    old = bought.days < cut
    people = np.intersect1d(bought.people[old], bought.people[~old])
    if len(people) == 0:
        raise TooLittleToJudgeError(
            f"of {len(bought.people):,} purchases, nobody made one before the last {days:g} days and one in them; give "
            "other --days, or import more orders"
        )
    before = Bought(bought.people[old], bought.items[old], bought.days[old], bought.cells[old])
    place = np.full(len(cells), -1, dtype=np.int64)
    place[people] = np.arange(len(people))
    known, after = (np.zeros((len(people), n_items), dtype=bool) for _ in range(2))
    for table, side in ((known, old), (after, ~old)):
        rows, items = place[bought.people[side]], bought.items[side]
        table[rows[rows >= 0], items[rows >= 0]] = True
    return TimeSplit(before, cut, History.build(before, len(cells), cells, cut), people, known, after)


def evaluate(
    project: Project,
    campaign: Campaign,
    items: Mapping[str, Item],
    warehouse: Warehouse,
    as_of: datetime,
    days: float,
    names: Sequence[str],
    recommenders: Callable[[str], Recommender] = built_in,
) -> dict[str, Any]:
    """{people, items, purchases, days, recommenders: {name: {new, all}}}; each with `people`, hit rate and NDCG at 10
    as [mean, low, high] over people, and `listed`, how many items any list has.

    People of whom purchases may not be used are left out, as in a run; `warehouse` holds the views of `open_views`.
    """
    table, profiles = compute_features(
        warehouse, project.features, as_of, project.settings.timezone, ConsentRules(project.settings.consent)
    )
    allowed = [is_granted(profile.consents, PERSONALIZATION) for profile in profiles]
    cells = np.where(allowed, cells_of(table, campaign.items.cell, len(profiles)), -1)
    item_ids = sorted(items)
    bought = read_bought(warehouse, as_of, profiles, item_ids, allowed, cells)
    split = split_by_time(bought, cells, len(item_ids), days)
    traits = traits_of([items[item_id] for item_id in item_ids])
    found: dict[str, Any] = {}
    for name in names:
        scorer = recommenders(name).fit(split.before, traits, split.cut)

        def score(rows: NDArray[np.int64], scorer: Any = scorer) -> NDArray[np.float64]:
            return np.array(scorer.score_many(split.history.shoppers(split.people[rows])), dtype=np.float64)

        found[name] = {"new": _told(_judge(split, score, False)), "all": _told(_judge(split, score, True))}
    return {
        "people": len(split.people),
        "items": len(item_ids),
        "purchases": len(bought.people),
        "days": days,
        "until": day_number(as_of),
        "recommenders": found,
    }


def _judge(split: TimeSplit, score: Callable[[NDArray[np.int64]], NDArray[np.float64]], again: bool) -> Ranked:
    wanted = split.after if again else split.after & ~split.known
    rows = np.flatnonzero(wanted.any(axis=1))
    hits, ndcg, shown = [np.empty(0)], [np.empty(0)], [np.empty(0, dtype=np.int64)]
    for at in range(0, len(rows), _ROWS_AT_ONCE):
        some = rows[at : at + _ROWS_AT_ONCE]
        scores = score(some)
        part = rank_items(scores if again else np.where(split.known[some], -np.inf, scores), wanted[some], LIST)
        hits.append(part.hits)
        ndcg.append(part.ndcg)
        shown.append(part.shown)
    return Ranked(np.concatenate(hits), np.concatenate(ndcg), np.unique(np.concatenate(shown)))


def _told(ranked: Ranked) -> dict[str, Any]:
    return {
        "people": len(ranked.hits),
        "hit_rate": [round(each, 4) for each in mean_interval(ranked.hits)],
        "ndcg": [round(each, 4) for each in mean_interval(ranked.ndcg)],
        "listed": len(ranked.shown),
    }
