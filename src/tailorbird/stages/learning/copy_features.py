"""What is seen of a line of copy: its words, its letters, its build, and plain counts. Hashed, without a vocabulary."""

import re
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

COLUMNS = 1 << 18
_TOKEN = re.compile(r"\{\{.*?\}\}|[\w']+|\.\.\.|[^\w\s]")
_ALIKE = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "…": "..."})
_ENDING = re.compile(r"(n't|'s|'re|'ll|'ve|ing|ed|ly|est|ion|ness|ment|ful|less|er|s)$")
_SMALL_WORDS = (
    "a about all an and any are as at be because been being but by can could did do does each even every for from had "
    "has have he her here him his how i if in is it its just least less may me might more most must my never no not of "
    "on one only or our really she should so some than that the their them then there these they this those to too two "
    "very was we were what when where which who whom whose why will with would you your"
)
_FUNCTION_WORDS = frozenset(_SMALL_WORDS.split())
_OPENERS = frozenset({"this", "these", "here", "the", "a", "if", "what", "how", "why", "when", "watch", "meet"})
PLAIN = 16
_WEIGHTS = {"words": 1.0, "letters": 1.0, "build": 0.5}
"""How much each kind of feature weighs in the likeness of two lines: each has length 1 before. Plain counts: 0.05."""
_PLAIN_WEIGHT = 0.05


@dataclass(frozen=True)
class CopyRows:
    """Lines as rows of sparse features. Row i holds `values` at `columns` from `starts[i]` to `starts[i + 1]`."""

    starts: NDArray[np.int64]
    columns: NDArray[np.int64]
    values: NDArray[np.float64]

    def times(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """(rows,) Each row times the weights."""
        row = np.repeat(np.arange(len(self.starts) - 1), np.diff(self.starts))
        return _sums(row, self.values * weights[self.columns], len(self.starts) - 1)

    def back(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """(columns,) The sum of the rows, each times its number in `rows`."""
        return _sums(self.columns, self.values * np.repeat(rows, np.diff(self.starts)), COLUMNS + PLAIN)


def _sums(places: NDArray[np.int64], values: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    return np.bincount(places, weights=values, minlength=length).astype(np.float64, copy=False)


@dataclass(frozen=True)
class CopyFeatures:
    """What was learned of the training lines: in how many of them each hashed feature stands, and the plain counts'
    means and spreads."""

    lines: int
    frequency: NDArray[np.float64]
    center: NDArray[np.float64]
    spread: NDArray[np.float64]

    @classmethod
    def learn(cls, texts: Sequence[str]) -> "CopyFeatures":
        """Count the features of distinct lines; at least one."""
        known: dict[str, int] = {}
        frequency = np.zeros(COLUMNS)
        for text in texts:
            for grams in _kinds(text).values():
                frequency[_hashed(set(grams), known)] += 1
        counts = np.array([_plain(text) for text in texts])
        return cls(len(texts), frequency, counts.mean(axis=0), counts.std(axis=0) + 1e-9)

    def rows(self, texts: Sequence[str]) -> CopyRows:
        """The lines as rows: TF-IDF of each kind with sublinear counts, length 1, times the kind's weight; then the
        plain counts, standardised."""
        known: dict[str, int] = {}
        columns: list[NDArray[np.int64]] = []
        values: list[NDArray[np.float64]] = []
        idf = np.log((1.0 + self.lines) / (1.0 + self.frequency)) + 1.0
        at = np.arange(COLUMNS, COLUMNS + PLAIN)
        for text in texts:
            for kind, grams in _kinds(text).items():
                found, count = np.unique(_hashed(grams, known), return_counts=True)
                if kind != "words":  # what stands in one line only links nothing
                    found, count = found[self.frequency[found] > 1], count[self.frequency[found] > 1]
                weight = (1.0 + np.log(count)) * idf[found]
                length = np.sqrt((weight**2).sum()) or 1.0
                columns.append(found)
                values.append(weight / length * _WEIGHTS[kind] ** 0.5)
            columns.append(at)
            values.append((np.array(_plain(text)) - self.center) / self.spread * (_PLAIN_WEIGHT / PLAIN) ** 0.5)
        sizes = [sum(map(len, columns[i : i + 4])) for i in range(0, len(columns), 4)]
        starts = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int64)
        if not texts:
            return CopyRows(starts, np.empty(0, dtype=np.int64), np.empty(0))
        return CopyRows(starts, np.concatenate(columns), np.concatenate(values))


def _hashed(grams: Iterable[str], known: dict[str, int]) -> NDArray[np.int64]:
    found = []
    for gram in grams:
        column = known.get(gram)
        if column is None:
            column = known[gram] = zlib.crc32(gram.encode()) % COLUMNS
        found.append(column)
    return np.array(found, dtype=np.int64)


def _kinds(text: str) -> Mapping[str, list[str]]:
    """{kind of feature: its grams}: words and pairs of words, two to five letters, one to four parts of the build."""
    tokens = _TOKEN.findall(text.translate(_ALIKE))
    words = ["#" if token[0].isdigit() else token.lower() for token in tokens]
    build = ["<s>", *map(_build, tokens), "</s>"]
    return {
        "words": [*("w" + word for word in words), *(f"w{a}_{b}" for a, b in pairwise(words))],
        "letters": list(_letters(text.lower())),
        "build": ["b" + "_".join(build[i : i + n]) for n in (1, 2, 3, 4) for i in range(len(build) - n + 1)],
    }


def _letters(text: str) -> Iterator[str]:
    for word in text.split():
        padded = f" {word} "
        for n in (2, 3, 4, 5):
            yield from ("c" + padded[i : i + n] for i in range(max(len(padded) - n, 0) + 1))


def _build(token: str) -> str:
    """A function word as it is; of another only its capital and its ending; numbers alike."""
    lower = token.lower()
    if lower in _FUNCTION_WORDS or not token[0].isalnum():
        return lower
    if token[0].isdigit():
        return "#"
    ending = _ENDING.search(lower)
    shout = "U" if token.isupper() and len(token) > 1 else ""
    return ("C" if token[0].isupper() else "c") + (ending[1] if ending else "") + shout


def _plain(text: str) -> list[float]:
    words = re.findall(r"[\w']+", text.translate(_ALIKE))
    n = len(words)
    return [
        float(x)
        for x in (
            len(text), n, np.log1p(n), np.mean([len(word) for word in words]) if words else 0.0, text.count(","),
            text.count("."), "..." in text.translate(_ALIKE), "?" in text, "!" in text, '"' in text.translate(_ALIKE),
            "'" in text.translate(_ALIKE), any(c.isdigit() for c in text),
            sum(word.isupper() and len(word) > 1 for word in words), n > 0 and words[0].lower() in _OPENERS,
            text.count(":"), len({word.lower() for word in words}) / max(n, 1),
        )
    ]  # fmt: skip
