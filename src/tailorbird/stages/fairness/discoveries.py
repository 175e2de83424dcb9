"""Many tests at once: which of them are discoveries, with the false ones among these held down."""

from collections.abc import Sequence

Q = 0.05
"""The share of false ones that is accepted among the discoveries, on average."""


def adjust_p(p_values: Sequence[float | None]) -> list[float | None]:
    """Benjamini and Hochberg's adjusted p-values (1995), in the given order: a test is a discovery at level q where its
    adjusted p is at most q. What was not tested (None) stays out and does not count as a test."""
    tested = sorted((p, at) for at, p in enumerate(p_values) if p is not None)
    adjusted: list[float | None] = [None] * len(p_values)
    least = 1.0
    for rank, (p, at) in reversed(list(enumerate(tested, start=1))):
        least = min(least, p * len(tested) / rank)
        adjusted[at] = least
    return adjusted
