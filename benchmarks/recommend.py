"""Recommendation by time split: hit rate and NDCG at 10 against popularity, item-kNN and implicit's ALS, in one run.

    python benchmarks/recommend.py [--data PARQUET] [--days N] [--seed N] [--json]

PARQUET has the columns of UCI Online Retail II: Invoice, StockCode, Description, Quantity, InvoiceDate, Price, Customer
ID, Country. Sales to known customers count; cancellations and returns do not. Everything before the last N days (28)
is training; in the last N days, every customer of the training who bought something that was new to him gets 10 items,
none of which he had bought before (for every side), and is judged by what he bought. Beside it, named `_again`: the
same with everything he bought, and items that he had bought before allowed.

Ours is the default recommender as campaigns use it: the last 60 purchases of each customer, country as the cell. The
peers know all of a customer's items: popularity (all-time buyers), item-kNN (cosine, all neighbours), and
implicit.als with 64 factors, regularization 0.05, 15 iterations (its own default number), on one thread. CPU-seconds
are those of learning and scoring, of this process. ALS with other factors and regularizations was tried on earlier
windows of the public file (up to 128 factors, regularization up to 10), and moved by .01.

The constants of ours (half-lives, exponents, 30 items per customer) were chosen on windows of the same public file that
end 28 days or more before its last day; the last 28 days were not looked at. Intervals are over customers.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import figures
import numpy as np
from numpy.typing import NDArray

from tailorbird.stages.recommendation.history import History
from tailorbird.stages.recommendation.ranking_metrics import Ranked, mean_interval, rank_items
from tailorbird.stages.recommendation.recommenders import RECOMMENDERS
from tailorbird.types.recommendation import Bought, ItemTraits

DATA = Path("../shared/data/online-retail/online_retail.parquet")
K, ROWS_AT_ONCE = 10, 250
SALES = """
    SELECT "Customer ID"::VARCHAR, "StockCode", min("Description"), epoch("InvoiceDate"::TIMESTAMP) / 86400.0 AS day,
           any_value("Country")
    FROM read_parquet(?)
    WHERE "Customer ID" IS NOT NULL AND "Quantity" > 0 AND "Price" > 0 AND "Invoice" NOT LIKE 'C%'
    GROUP BY "Customer ID", "StockCode", "Invoice", "InvoiceDate" ORDER BY day, "Invoice", "StockCode"
"""
Score = Callable[[NDArray[np.int64]], NDArray[np.float64]]
"""(customers) → (customers × items) scores."""


@dataclass(frozen=True)
class Split:
    """Sales before `cut`, in columns; and what each of `people` bought after it (people × items)."""

    before: Bought
    cut: float
    n_people: int
    traits: ItemTraits
    people: NDArray[np.int64]
    after: NDArray[np.bool_]
    known: NDArray[np.bool_]

    @property
    def n_items(self) -> int:
        """How many items there are."""
        return len(self.traits.texts)


def read_split(path: Path, days: float) -> Split:
    """Read the file and cut it `days` before its end."""
    import duckdb

    rows = duckdb.connect().execute(SALES, [str(path)]).fetchall()
    people, items, cells = (np.unique([str(row[k]) for row in rows], return_inverse=True)[1] for k in (0, 1, 4))
    texts = dict(zip(items.tolist(), (str(row[2] or "") for row in rows), strict=True))
    day = np.array([row[3] for row in rows])
    cut, n_people, n_items = float(day.max()) - days, int(people.max()) + 1, len(texts)
    old = day < cut
    bought = np.zeros((n_people, n_items), dtype=bool)
    later = np.zeros((n_people, n_items), dtype=bool)
    bought[people[old], items[old]] = True
    later[people[~old], items[~old]] = True
    judged = np.flatnonzero(bought.any(axis=1) & later.any(axis=1))
    traits = ItemTraits([texts[item] for item in range(n_items)], [""] * n_items)
    before = Bought(people[old], items[old], day[old], cells[old])
    return Split(before, cut, n_people, traits, judged, later[judged], bought[judged])


def ours(split: Split, _seed: int) -> Score:
    """The default recommender."""
    scorer = RECOMMENDERS["neighbours"].fit(split.before, split.traits, split.cut)
    cells = np.full(split.n_people, -1, dtype=np.int64)
    cells[split.before.people] = split.before.cells
    history = History.build(split.before, split.n_people, cells, split.cut)
    return lambda people: scorer.score_many(history.shoppers(people))


def popular(split: Split, _seed: int) -> Score:
    """How many customers ever bought an item."""
    pairs = np.unique(split.before.people * split.n_items + split.before.items)
    buyers = np.bincount(pairs % split.n_items, minlength=split.n_items).astype(np.float64)
    return lambda people: np.tile(buyers, (len(people), 1))


def _matrix(split: Split) -> Any:
    from scipy.sparse import csr_matrix

    ones = np.ones(len(split.before.people), dtype=np.float32)
    found = csr_matrix((ones, (split.before.people, split.before.items)), (split.n_people, split.n_items))
    found.data[:] = 1.0
    return found


def knn(split: Split, _seed: int) -> Score:
    """Item-kNN: cosine over who bought what."""
    bought = _matrix(split)
    together = (bought.T @ bought).toarray()
    length = np.sqrt(np.maximum(np.diag(together), 1.0))
    np.fill_diagonal(together, 0.0)
    alike = together / length[:, None] / length[None, :]
    return lambda people: np.asarray(bought[people] @ alike, dtype=np.float64)


def als(split: Split, seed: int) -> Score:
    """implicit's alternating least squares."""
    from implicit.als import AlternatingLeastSquares
    from threadpoolctl import threadpool_limits

    model = AlternatingLeastSquares(
        factors=64, regularization=0.05, iterations=15, random_state=seed, num_threads=1
    )  # fmt: skip
    with threadpool_limits(1, "blas"):  # as implicit asks for
        model.fit(_matrix(split), show_progress=False)
    return lambda people: np.asarray(model.user_factors[people] @ model.item_factors.T, dtype=np.float64)


def judge(split: Split, score: Score, again: bool) -> tuple[Ranked, NDArray[np.int64]]:
    """(how good the lists are, the items listed); only people who bought something new are judged, but for `again`."""
    wanted = split.after if again else split.after & ~split.known
    rows = np.flatnonzero(wanted.any(axis=1))
    parts = []
    for at in range(0, len(rows), ROWS_AT_ONCE):
        some = rows[at : at + ROWS_AT_ONCE]
        scores = score(split.people[some])
        parts.append(rank_items(scores if again else np.where(split.known[some], -np.inf, scores), wanted[some], K))
    shown = np.unique(np.concatenate([part.shown for part in parts]))
    return Ranked(np.concatenate([p.hits for p in parts]), np.concatenate([p.ndcg for p in parts]), shown), shown


def as_metric(name: str, values: NDArray[np.float64], unit: str) -> dict[str, Any]:
    """A mean over customers with its interval."""
    mean, low, high = (round(each, 4) for each in mean_interval(values))
    return {"name": name, "value": mean, "low": low, "high": high, "unit": unit}


def measure(split: Split, seed: int) -> tuple[list[dict[str, Any]], list[str]]:
    """(metrics, notes)."""
    sides: dict[str, Callable[[Split, int], Score]] = {"ours": ours, "popular": popular, "knn": knn, "als": als}
    ranked: dict[str, Ranked] = {}
    again: dict[str, Ranked] = {}
    cpu: dict[str, float] = {}
    notes = []
    for name, make in sides.items():
        start = time.process_time()
        try:
            score = make(split, seed)
        except ImportError as error:
            notes.append(f"{name} is left out: {error.name} is not installed")
            continue
        ranked[name], _ = judge(split, score, again=False)
        cpu[name] = time.process_time() - start
        again[name], _ = judge(split, score, again=True)
    metrics = []
    for name, found in ranked.items():
        metrics.append(as_metric(f"ndcg_{name}", found.ndcg, "at 10, new items"))
        if name == "ours":
            best = max((other for other in ranked if other != "ours"), key=lambda other: ranked[other].ndcg.mean())
            metrics[-1] |= {"peer": best, "peer_value": round(float(ranked[best].ndcg.mean()), 4)}
            metrics[-1]["ratio"] = round(float(found.ndcg.mean() / max(ranked[best].ndcg.mean(), 1e-9)), 2)
            metrics[-1] = figures.judged(metrics[-1], "ratio >= 1.0001")
        metrics.append(as_metric(f"hit_{name}", found.hits, "of customers, new items"))
        metrics.append(as_metric(f"ndcg_{name}_again", again[name].ndcg, "at 10, all items"))
        metrics.append(as_metric(f"hit_{name}_again", again[name].hits, "of customers, all items"))
    for name, seconds in cpu.items():
        metrics.append(figures.metric(f"cpu_{name}", "CPU-seconds to learn and rank", [seconds], digits=2))
    if "als" in cpu:
        mine = next(each for each in metrics if each["name"] == "cpu_ours")
        mine |= {"peer": "als", "peer_value": round(cpu["als"], 2), "ratio": round(cpu["ours"] / cpu["als"], 2)}
        mine |= figures.judged(mine, "ratio <= 1")
    notes.append(
        f"{len(ranked['ours'].hits):,} customers judged on new items, {len(again['ours'].hits):,} on all; "
        f"{len(ranked['ours'].shown):,} of {split.n_items:,} items listed by ours"
    )
    return metrics, notes


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the file, measure, print."""
    parser = figures.options(__doc__, "sales (default: the public file)", data=DATA)
    parser.add_argument("--days", type=float, default=28, help="so many days at the end are judged")
    options = parser.parse_args(arguments)
    if not options.data.exists():
        raise SystemExit(f"recommend: there is no file {options.data}; give --data")
    split = read_split(options.data, options.days)
    if len(split.people) == 0:
        raise SystemExit(f"recommend: nobody bought before the last {options.days:g} days and in them; give --days")
    metrics, notes = measure(split, options.seed)
    figures.show(
        figures.report("recommend", options.data, len(split.before.people), options.seed,
                       ["tailorbird", "numpy", "implicit", "scipy"], metrics, notes), options.json,
    )  # fmt: skip


if __name__ == "__main__":
    main()
