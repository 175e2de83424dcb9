"""The creative prior: what a line's words say of how it will do, learned from lines that were shown before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tailorbird.stages.learning.copy_features import COLUMNS, PLAIN, CopyFeatures, CopyRows

RIDGE = 2.0
RIDGES = (2.0, 8.0, 32.0)
"""What whole outcomes are tried with: the fewer they are and the noisier, the less is to be believed of a word."""

_STEPS_MAX = 200
_TOLERANCE = 1e-4
GROUPS_MIN, LINES_MIN = 8, 40
_FOLDS = 5
_SURE = 2.13
"""5 % one-sided, over the strengths that are tried (Bonferroni)."""

_PAIRS_PER_GROUP_MAX = 60


@dataclass(frozen=True)
class CreativePrior:
    """Weights of the features of copy. `slope` turns a difference of two lines' utilities into one of logits."""

    features: CopyFeatures
    weights: NDArray[np.float64]
    slope: float = 1.0

    def utilities(self, texts: Sequence[str]) -> NDArray[np.float64]:
        """(texts,) How well each line is expected to do, on a scale where only differences mean something."""
        return self.features.rows(texts).times(self.weights)

    def means(self, lines: Mapping[str, str], rate: float) -> dict[str, float]:
        """{id: expected rate} of lines by id that compete: `rate` on average, the better ones above it."""
        if not lines:
            return {}
        logit = self.slope * self.utilities(list(lines.values()))
        expected = 1.0 / (1.0 + np.exp(-(np.log(rate / (1.0 - rate)) + logit - logit.mean())))
        return dict(zip(lines, expected.tolist(), strict=True))


@dataclass(frozen=True, slots=True)
class LineOutcome:
    """What a line reached: `successes` of `exposures`, beside the other lines of its `group` (a campaign's block)."""

    text: str
    group: str
    successes: float
    exposures: float


def fit_pairs(first: Sequence[str], second: Sequence[str], first_better: Sequence[bool]) -> CreativePrior:
    """Learn from pairs of lines of which it is known which did better.

    Ridge regression of ±1 on the difference of the two lines' features (so that it answers −f(b, a) = f(a, b)), solved
    by conjugate gradients. Raises ValueError without a pair.
    """
    if not first:
        raise ValueError("there are no pairs to learn from")
    texts = sorted({*first, *second})
    place = {text: at for at, text in enumerate(texts)}
    features = CopyFeatures.learn(texts)
    left, right = np.array([place[text] for text in first]), np.array([place[text] for text in second])
    target = np.where(np.asarray(first_better, dtype=bool), 1.0, -1.0)
    return CreativePrior(features, _ridge(features.rows(texts), left, right, target, np.ones(len(left)), RIDGE))


def fit_outcomes(outcomes: Sequence[LineOutcome]) -> tuple[CreativePrior | None, str]:
    """(the prior learned from past lines, ''), or (None, why not).

    Each group's lines are compared in pairs: the difference of their logits on the difference of their features,
    weighted by what the pair knows. The strength of the ridge and the slope come from groups that were left out
    (5 folds): if what was predicted there does not go with what happened, beyond chance at 5 % one-sided, there is no
    prior, and a line starts as any.
    """
    told = [each for each in outcomes if each.exposures > 0]
    groups = sorted({each.group for each in told})
    if len(groups) < GROUPS_MIN or len(told) < LINES_MIN:
        return None, f"{len(told)} lines in {len(groups)} groups were shown; {LINES_MIN} in {GROUPS_MIN} are needed"
    texts = sorted({each.text for each in told})
    features = CopyFeatures.learn(texts)
    rows = features.rows(texts)
    left, right, target, weight, group = _pairs_of(told, {text: at for at, text in enumerate(texts)}, groups)
    if weight.sum() <= 0 or len(left) == 0:
        return None, "no two lines of a group differ in text, or nothing came of any"
    weight = weight / weight.mean()
    tried = [(ridge, _left_out(rows, left, right, target, weight, group, ridge)) for ridge in RIDGES]
    ridge, predicted = max(tried, key=lambda one: _explained(one[1], target, weight))
    slope, sure = _calibrate(predicted, target, weight, group)
    if not sure:
        return None, "in campaigns that were left out, the words did not tell which line does better"
    weights = _ridge(rows, left, right, target, weight, ridge)
    return CreativePrior(features, weights, min(slope, 1.0)), ""


def _left_out(
    rows: CopyRows, left: NDArray[np.int64], right: NDArray[np.int64], target: NDArray[np.float64],
    weight: NDArray[np.float64], group: NDArray[np.int64], ridge: float,
) -> NDArray[np.float64]:  # fmt: skip
    """(pairs,) The difference that is predicted of each pair by a fit without its group."""
    predicted = np.zeros(len(target))
    for fold in range(_FOLDS):
        out = group % _FOLDS == fold
        found = _ridge(rows, left[~out], right[~out], target[~out], weight[~out], ridge)
        utility = rows.times(found)
        predicted[out] = (utility[left] - utility[right])[out]
    return predicted


def _explained(predicted: NDArray[np.float64], target: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    """How much of the squares is explained at the best slope from 0 on."""
    power = float((weight * predicted**2).sum())
    return max(float((weight * predicted * target).sum()), 0.0) ** 2 / power if power > 0 else 0.0


def _pairs_of(
    outcomes: Sequence[LineOutcome], place: Mapping[str, int], groups: Sequence[str]
) -> tuple[
    NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]
]:  # fmt: skip
    """(left text, right text, difference of logits, information, group) of pairs within groups; rates are smoothed
    toward their group's by two successes' worth."""
    found: list[tuple[int, int, float, float, int]] = []
    for number, name in enumerate(groups):
        mine = [each for each in outcomes if each.group == name]
        shown, won = sum(each.exposures for each in mine), sum(each.successes for each in mine)
        rate = min(max(won / shown, 1e-6), 1 - 1e-6)
        strength = 2.0 / rate if won > 0 else 0.0
        logits, known = [], []
        for each in mine:
            mean = (each.successes + strength * rate) / (each.exposures + strength) if strength else rate
            mean = min(max(mean, 1e-6), 1 - 1e-6)
            logits.append(float(np.log(mean / (1 - mean))))
            known.append(each.exposures * rate * (1 - rate) if won > 0 else 0.0)
        pairs = [(i, j) for i in range(len(mine)) for j in range(i) if mine[i].text != mine[j].text]
        for i, j in pairs[:_PAIRS_PER_GROUP_MAX]:
            information = known[i] * known[j] / (known[i] + known[j]) if known[i] + known[j] > 0 else 0.0
            # A group of K lines has K − 1 independent differences, however many pairs.
            share = information * 2.0 / len(mine)
            found.append((place[mine[i].text], place[mine[j].text], logits[i] - logits[j], share, number))
    columns = list(zip(*found, strict=True)) if found else [(), (), (), (), ()]
    ints = [np.array(columns[k], dtype=np.int64) for k in (0, 1, 4)]
    return ints[0], ints[1], np.array(columns[2], float), np.array(columns[3], float), ints[2]


def _calibrate(
    predicted: NDArray[np.float64], target: NDArray[np.float64], weight: NDArray[np.float64], group: NDArray[np.int64]
) -> tuple[float, bool]:
    """(slope of what happened on what was predicted, whether it is above 0 beyond chance): a group is one case."""
    score = np.bincount(group, weights=weight * predicted * target)
    power = float((weight * predicted**2).sum())
    if power <= 0:
        return 0.0, False
    slope = float(score.sum()) / power
    own = np.bincount(group, weights=weight * predicted**2)
    error = float(np.sqrt(((score - slope * own) ** 2).sum())) / power
    return slope, slope > _SURE * error


def _ridge(
    rows: CopyRows,
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    target: NDArray[np.float64],
    weight: NDArray[np.float64],
    ridge: float,
) -> NDArray[np.float64]:
    """The weights w that make Σ weight (target − w·(x_left − x_right))² + ridge |w|² least, by conjugate gradients."""
    n = len(rows.starts) - 1

    def forward(w: NDArray[np.float64]) -> NDArray[np.float64]:
        value = rows.times(w)
        result: NDArray[np.float64] = value[left] - value[right]
        return result

    def backward(pairs: NDArray[np.float64]) -> NDArray[np.float64]:
        to_left = np.bincount(left, weights=pairs, minlength=n).astype(np.float64, copy=False)
        return rows.back(to_left - np.bincount(right, weights=pairs, minlength=n))

    solution = np.zeros(COLUMNS + PLAIN)
    residual = backward(weight * target)
    direction, size = residual.copy(), float(residual @ residual)
    enough = size * _TOLERANCE**2
    for _ in range(_STEPS_MAX):
        if size <= enough:
            break
        image = backward(weight * forward(direction)) + ridge * direction
        step = size / float(direction @ image)
        solution += step * direction
        residual -= step * image
        size, before = float(residual @ residual), size
        direction = residual + (size / before) * direction
    return solution
