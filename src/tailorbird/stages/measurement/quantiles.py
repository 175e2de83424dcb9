"""Quantiles of two arms: the median order, the slowest twentieth, where a mean would tell of the few largest only.

The standard error of a quantile is half the spread of the order statistics that bound it (Woodruff, 1952; Price and
Bonett, 2001), so no density is estimated. A quantile is asymptotically linear, so the boundary of
`confidence_sequence` applies to it as it does to a mean.
"""

import math

import numpy as np
import numpy.typing as npt

from tailorbird.stages.measurement.moments import Values
from tailorbird.types.estimate import Estimate

MIN_BEYOND = 25
"""People that each arm needs on the thinner side of the quantile."""

_Z = 1.959963984540054


Binned = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]
"""(values in order, how many people have each)."""


def quantile_estimate(treated: Values, control: Values, q: float) -> Estimate:
    """The difference of the arms' quantile `q` (0.5 is the median) of people's outcomes.

    Refused with `why`: fewer than MIN_BEYOND people beyond the quantile in an arm, or so many equal outcomes around it
    that it cannot move (the median of what people spent, where most spent nothing). Raises ValueError for q outside
    0 to 1.
    """
    first, second = (np.sort(np.asarray(values, dtype=np.float64)) for values in (treated, control))
    return binned_quantile_estimate((first, np.ones(len(first))), (second, np.ones(len(second))), q)


def binned_quantile_estimate(treated: Binned, control: Binned, q: float) -> Estimate:
    """As `quantile_estimate`, from counts of people per value."""
    if not 0 < q < 1:
        raise ValueError(f"a quantile lies between 0 and 1, not at {q}")
    people = float(treated[1].sum()), float(control[1].sum())
    if why := _refusal(treated, control, people, q):
        return Estimate(*people, why=why)
    (of_treated, treated_error), (of_control, control_error) = _quantile(*treated, q), _quantile(*control, q)
    if min(treated_error, control_error) <= 0:
        why = f"too many people have the same outcome around the {q:g} quantile: it cannot be compared"
        return Estimate(*people, why=why)
    return Estimate(*people, of_treated - of_control, of_treated, of_control, treated_error, control_error)


def _refusal(treated: Binned, control: Binned, people: tuple[float, float], q: float) -> str:
    if min(people) * min(q, 1 - q) < MIN_BEYOND:
        needed = math.ceil(MIN_BEYOND / min(q, 1 - q))
        return (
            f"the {q:g} quantile needs {needed:,} people in each arm; there are {people[0]:,.0f} and {people[1]:,.0f}"
        )
    if not all(np.isfinite(values).all() for values, _ in (treated, control)):
        return "an outcome is no finite number"
    return ""


def _quantile(values: npt.NDArray[np.float64], counts: npt.NDArray[np.float64], q: float) -> tuple[float, float]:
    """(the quantile, its standard error) of one arm."""
    up_to = np.cumsum(counts)
    n = float(up_to[-1])
    reach = _Z * math.sqrt(n * q * (1 - q))

    def at(rank: float) -> float:
        return float(values[min(int(np.searchsorted(up_to, rank)), len(values) - 1)])

    low, high = at(max(n * q - reach, 1.0)), at(min(n * q + reach + 1.0, n))
    return at(math.ceil(n * q)), (high - low) / (2.0 * _Z)
