"""The creative prior: which of two headlines does better, for headlines that it was not trained on.

    python benchmarks/headlines.py [--train PAIRS] [--data PAIRS] [--seed N] [--json]

PAIRS are files with the columns clickability_test_id, eyecatcher_id, headline_1, headline_2 and higher_CTR (1 or 2), as
the pairs of the Upworthy Research Archive have them. With one file, it is split into 5 folds by groups of tests that
share a headline, an image or a test, and each fold is judged by a prior trained on the others. With two files, the
prior is trained on the whole of --train and judged on those pairs of --data of which it saw no headline (compared in
lower case, letters and digits only) and no test.

Beside it stands the leaky split: a fifth of the pairs at random, whose headlines stand in other pairs of the training.
The peer is TF-IDF of words and pairs of words with logistic regression (scikit-learn), trained and judged on the same
pairs. Intervals are over groups of tests, not pairs: pairs of one test say the same thing twice.

The features and the one constant of the prior (ridge 2) were chosen by cross-validation by groups on the public pairs;
with that one file, `accuracy` is therefore a little favourable, and other rows are what counts.
"""

import csv
import gzip
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import figures
import numpy as np
from numpy.typing import NDArray

from tailorbird.stages.learning.creative_prior import fit_pairs

FOLDS = 5
PEER = "TF-IDF(1,2) and logistic regression"
DATA = Path("../shared/data/upworthy/pairs.csv.gz")


@dataclass(frozen=True)
class Pairs:
    """Pairs of headlines, whether the first did better, the test of each, and its group (tests that share anything)."""

    first: list[str]
    second: list[str]
    better: NDArray[np.bool_]
    tests: list[str]
    groups: NDArray[np.int64]

    def some(self, at: NDArray[np.int64]) -> "Pairs":
        """The pairs at these places."""
        rows = at.tolist()
        return Pairs([self.first[i] for i in rows], [self.second[i] for i in rows], self.better[at],
                     [self.tests[i] for i in rows], self.groups[at])  # fmt: skip


def alike(headline: str) -> str:
    """A headline as it is compared: lower case, letters and digits."""
    return " ".join(re.findall(r"[a-z0-9]+", headline.lower()))


def read_pairs(path: Path) -> Pairs:
    """The pairs of a file; those of which neither is better are left out."""
    with (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if float(row["higher_CTR"] or 0) in (1.0, 2.0)]
    parent: dict[tuple[str, str], tuple[str, str]] = {}

    def root(node: tuple[str, str]) -> tuple[str, str]:
        while parent.setdefault(node, node) != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for row in rows:
        test = ("test", row["clickability_test_id"])
        for other in (("image", row["eyecatcher_id"]), *(("line", alike(row[f"headline_{n}"])) for n in (1, 2))):
            parent[root(test)] = root(other)
    roots = [root(("test", row["clickability_test_id"])) for row in rows]
    number = {each: at for at, each in enumerate(dict.fromkeys(roots))}
    return Pairs(
        [row["headline_1"].strip() for row in rows],
        [row["headline_2"].strip() for row in rows],
        np.array([float(row["higher_CTR"]) == 1.0 for row in rows]),
        [row["clickability_test_id"] for row in rows],
        np.array([number[each] for each in roots], dtype=np.int64),
    )


def ours(train: Pairs, judged: Pairs) -> NDArray[np.bool_]:
    """Whether the prior is right about each judged pair."""
    prior = fit_pairs(train.first, train.second, train.better.tolist())
    right: NDArray[np.bool_] = (prior.utilities(judged.first) > prior.utilities(judged.second)) == judged.better
    return right


def peers(train: Pairs, judged: Pairs) -> NDArray[np.bool_]:
    """Whether the peer is right about each judged pair."""
    from scipy.sparse import vstack
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    seen = TfidfVectorizer(ngram_range=(1, 2)).fit(train.first + train.second)
    apart = seen.transform(train.first) - seen.transform(train.second)
    model = LogisticRegression(fit_intercept=False, max_iter=300)
    model.fit(vstack([apart, -apart]), np.concatenate([train.better, ~train.better]))
    score = model.decision_function(seen.transform(judged.first) - seen.transform(judged.second))
    right: NDArray[np.bool_] = (score > 0) == judged.better
    return right


def accuracy(name: str, right: NDArray[np.bool_], groups: NDArray[np.int64]) -> dict[str, Any]:
    """The share that is right, with its 95 % interval over groups."""
    mean = float(right.mean())
    apart = np.bincount(np.unique(groups, return_inverse=True)[1], weights=right - mean)
    reach = 1.96 * float(np.sqrt((apart**2).sum())) / len(right)
    return {"name": name, "value": round(mean, 4), "low": round(mean - reach, 4), "high": round(mean + reach, 4),
            "unit": f"of {len(right):,} pairs"}  # fmt: skip


def parts(train: Pairs, data: Pairs | None, seed: int) -> list[tuple[Pairs, Pairs]]:
    """(trained on, judged) with no headline and no test in both."""
    if data is None:
        fold = np.random.default_rng(seed).integers(0, FOLDS, int(train.groups.max()) + 1)[train.groups]
        return [(train.some(np.flatnonzero(fold != f)), train.some(np.flatnonzero(fold == f))) for f in range(FOLDS)]
    seen, tests = {alike(line) for line in train.first + train.second}, set(train.tests)
    new = [
        at
        for at, (a, b, test) in enumerate(zip(data.first, data.second, data.tests, strict=True))
        if not {alike(a), alike(b)} & seen and test not in tests
    ]
    if not new:
        raise SystemExit("headlines: every headline of --data stands in --train; nothing is left to judge")
    return [(train, data.some(np.array(new, dtype=np.int64)))]


def measure(train: Pairs, data: Pairs | None, seed: int) -> tuple[list[dict[str, Any]], list[str]]:
    """(metrics, notes)."""
    whole = parts(train, data, seed)
    right = np.concatenate([ours(*part) for part in whole])
    groups = np.concatenate([part[1].groups for part in whole])
    found, notes = accuracy("accuracy", right, groups), []
    try:
        other = np.concatenate([peers(*part) for part in whole])
        found |= {"peer": PEER, "peer_value": round(float(other.mean()), 4),
                  "ratio": round(float(right.mean() / other.mean()), 3)}  # fmt: skip
    except ImportError:
        notes.append("the peer is left out: scikit-learn is not installed")
    order = np.random.default_rng(seed).permutation(len(train.first))
    cut = len(order) // FOLDS
    leaky, rest = train.some(np.sort(order[:cut])), train.some(np.sort(order[cut:]))
    beside = accuracy("accuracy_leaky", ours(rest, leaky), leaky.groups)
    how = f"{FOLDS} folds by groups of tests" if data is None else "the whole of --train, judged on --data"
    notes.append(f"{how}: {len(groups):,} pairs in {len(np.unique(groups)):,} groups; leaky: a random fifth")
    return [figures.judged(found, "value >= 0.78"), beside], notes


def main(arguments: Sequence[str] | None = None) -> None:
    """Read the files, measure, print."""
    parser = figures.options(__doc__, "pairs to judge (default: those of --train, in folds)")
    parser.add_argument("--train", type=Path, default=DATA, help="pairs to train on")
    options = parser.parse_args(arguments)
    for path in {options.train, options.data or options.train}:
        if not path.exists():
            raise SystemExit(f"headlines: there is no file {path}; give --train and --data")
    train = read_pairs(options.train)
    same = options.data is None or options.data.resolve() == options.train.resolve()
    data = None if same else read_pairs(options.data)
    metrics, notes = measure(train, data, options.seed)
    rows = len((data or train).first)
    figures.show(
        figures.report("headlines", options.data or options.train, rows, options.seed, ["tailorbird", "numpy"], metrics,
                       notes), options.json,
    )  # fmt: skip


if __name__ == "__main__":
    main()
