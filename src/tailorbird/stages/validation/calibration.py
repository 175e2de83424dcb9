"""Calibration: from labelled claims to the probabilities from which on a judge is believed."""

from collections.abc import Iterator, Sequence
from math import sqrt

from tailorbird.types.entailment import Bin, Calibration, Entailed, Label
from tailorbird.types.errors import TailorbirdError

LABELS_MIN = 60
OUTCOME_MIN = 20
_Z = 1.96
_DECIDED: tuple[Label, ...] = ("entail", "contradict")


class TooFewLabelsError(TailorbirdError):
    """Not enough labels to believe a judge by. The message says how many there are and how many it takes."""


def calibrate(judge: str, judged: Sequence[tuple[Entailed, Label]], precision: float) -> Calibration:
    """The thresholds of both outcomes that decide something, and the reliability curves.

    An outcome is believed from the lowest probability on at which it was right with at least `precision`, by the lower
    end of Wilson's 95 % interval. Raises TooFewLabelsError below LABELS_MIN labels, or OUTCOME_MIN of an outcome: a
    judge is not believed on hearsay.
    """
    counts = {outcome: sum(label == outcome for _, label in judged) for outcome in _DECIDED}
    if len(judged) < LABELS_MIN or min(counts.values()) < OUTCOME_MIN:
        found = ", ".join(f"{count} '{outcome}'" for outcome, count in counts.items())
        raise TooFewLabelsError(
            f"{len(judged)} labels ({found}); it takes {LABELS_MIN}, and {OUTCOME_MIN} of each: label more claims"
        )
    thresholds: dict[str, float] = {}
    curves: dict[str, tuple[Bin, ...]] = {}
    for outcome in _DECIDED:
        pairs = sorted((entailed.of(outcome), label == outcome) for entailed, label in judged)
        curves[outcome] = isotonic(pairs)
        threshold = _threshold(pairs, precision)
        if threshold is not None:
            thresholds[outcome] = threshold
    return Calibration(judge, len(judged), precision, thresholds, curves)


def isotonic(pairs: Sequence[tuple[float, bool]]) -> tuple[Bin, ...]:
    """The steps of the best non-decreasing fit (pool adjacent violators; Ayer et al. 1955), by probability.

    `pairs` are (probability, whether it was so), in order of the probability. Equal probabilities are one step.
    """
    blocks: list[list[float]] = []  # sum of probabilities, hits, count, highest probability
    for probability, hit in pairs:
        if blocks and blocks[-1][3] == probability:
            blocks[-1] = [blocks[-1][0] + probability, blocks[-1][1] + hit, blocks[-1][2] + 1, probability]
        else:
            blocks.append([probability, float(hit), 1.0, probability])
    merged: list[list[float]] = []
    for block in blocks:
        merged.append(block)
        while len(merged) > 1 and merged[-2][1] * merged[-1][2] >= merged[-1][1] * merged[-2][2]:
            last = merged.pop()
            merged[-1] = [merged[-1][i] + last[i] for i in range(3)] + [last[3]]
    return tuple(Bin(high, total / count, hits / count, int(count)) for total, hits, count, high in merged)


def _threshold(pairs: Sequence[tuple[float, bool]], precision: float) -> float | None:
    return min((at for at, hits, count in _from_each(pairs) if wilson_low(hits, count) >= precision), default=None)


def _from_each(pairs: Sequence[tuple[float, bool]]) -> Iterator[tuple[float, int, int]]:
    """(probability, hits, count) of everything from that probability on."""
    hits = 0
    for n in range(len(pairs) - 1, -1, -1):
        hits += pairs[n][1]
        if n == 0 or pairs[n - 1][0] != pairs[n][0]:
            yield pairs[n][0], hits, len(pairs) - n


def wilson_low(hits: int, count: int) -> float:
    """The lower end of Wilson's 95 % interval of a share."""
    share, square = hits / count, _Z * _Z
    centre = share + square / (2 * count)
    return (centre - _Z * sqrt(share * (1 - share) / count + square / (4 * count * count))) / (1 + square / count)
