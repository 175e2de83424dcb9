"""Effects by cohort: where a treatment works better or worse than elsewhere, without finding what is not there.

Many cohorts mean many chances to be fooled. e-BH (Wang and Ramdas, 2022) keeps the share of false discoveries at q
or below, at every look and under any dependence: with m cohorts it takes the k largest e-values where the k-th is at
least m / (k·q).
"""

import math
from collections.abc import Mapping, Sequence

from tailorbird.stages.measurement.confidence_sequence import ALPHA, log_e_value
from tailorbird.stages.measurement.estimates import always_valid, estimate
from tailorbird.stages.measurement.moments import Moments, add_up
from tailorbird.types.estimate import Estimate
from tailorbird.types.findings import CohortEffect

Q = 0.1
MIN_PEOPLE = 100
"""People that each arm of a cohort needs before its effect is told: below, the interval's guarantee is not kept."""

_LOG_E_MAX = 700.0


def e_bh(e_values: Sequence[float], q: float = Q) -> tuple[bool, ...]:
    """Which e-values are discoveries, in their order; the share of false ones among them is `q` at most."""
    m = len(e_values)
    order = sorted(range(m), key=lambda at: -e_values[at])
    kept = max((k for k, at in enumerate(order, 1) if e_values[at] * k * q >= m), default=0)
    found = set(order[:kept])
    return tuple(at in found for at in range(m))


def cohort_effects(
    cohorts: Mapping[str, tuple[Moments, Moments]],
    n_star: float,
    alpha: float = ALPHA,
    q: float = Q,
    ratio: bool = False,
) -> tuple[CohortEffect, ...]:
    """The effect in each cohort from its (treated, control) sums; cohorts must share nobody.

    `n_star` is that of the whole; a cohort's is its part of it. Whether a cohort differs is asked against everybody
    outside it. Cohorts below MIN_PEOPLE in an arm are shown without an effect, and tested for nothing.
    """
    able = {name: pair for name, pair in cohorts.items() if min(pair[0].n, pair[1].n) >= MIN_PEOPLE}
    people = sum(arm.n for pair in cohorts.values() for arm in pair)
    estimates = {name: estimate(*pair, ratio=ratio) for name, pair in able.items()}
    able = {name: pair for name, pair in able.items() if estimates[name].difference is not None}
    evidence, against = [], []
    for name in able:
        inside = estimates[name]
        evidence.append(
            _e_value(inside.difference or 0.0, inside.error, inside.people, n_star * inside.people / people)
        )
        rest = _rest(name, able, ratio)
        if rest is None or rest.difference is None or inside.difference is None:
            against.append(0.0)
        else:
            error = math.hypot(inside.error, rest.error)
            against.append(_e_value(inside.difference - rest.difference, error, people, n_star))
    found, differs = e_bh(evidence, q), e_bh(against, q)
    place = {name: at for at, name in enumerate(able)}
    rows = []
    for name, (treated, control) in cohorts.items():
        people_in = int(treated.n), int(control.n)
        at = place.get(name)
        if at is None:
            why = estimates[name].why if name in estimates else f"{MIN_PEOPLE} people are needed in each arm"
            rows.append(CohortEffect(name, *people_in, None, why=why))
            continue
        effect = always_valid(estimates[name], n_star * estimates[name].people / people, alpha)
        rows.append(CohortEffect(name, *people_in, effect, evidence[at], found[at], against[at], differs[at]))
    return tuple(rows)


def _rest(name: str, cohorts: Mapping[str, tuple[Moments, Moments]], ratio: bool) -> Estimate | None:
    others = [pair for other, pair in cohorts.items() if other != name]
    if not others:
        return None
    return estimate(add_up([treated for treated, _ in others]), add_up([control for _, control in others]), ratio=ratio)


def _e_value(difference: float, error: float, people: float, n_star: float) -> float:
    if error <= 0:
        return 0.0
    return math.exp(min(log_e_value(difference / error, people, ALPHA, n_star), _LOG_E_MAX))
