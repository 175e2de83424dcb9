"""What all messages together changed: the people of the program against those held out of all campaigns.

By intention to treat: everybody counts on the side that their bucket drew, whether or not a campaign reached them. Each
difference is adjusted by what the same people did before they could first be written to (CUPED; CUPAC from PEOPLE_LEAST
people on, with how long they count). Orders, revenue and margin may each make the program a success, so they share the
risk of a false one; unsubscribes and complaints share that of their own.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from tailorbird.stages.measurement.comparison import Column, Mask, capped
from tailorbird.stages.measurement.confidence_sequence import ALPHA, share_variance
from tailorbird.stages.measurement.covariates import PEOPLE_LEAST, folds_of
from tailorbird.stages.measurement.cupac import cross_fit
from tailorbird.stages.measurement.estimates import always_valid, estimate
from tailorbird.stages.measurement.moments import moments_of
from tailorbird.stages.measurement.readout import MIN_CONVERSIONS, MIN_ORDERS
from tailorbird.stages.measurement.verdict import count
from tailorbird.types.effect import Effect
from tailorbird.types.estimate import Estimate
from tailorbird.types.program import ProgramArm, ProgramMetric, ProgramSide, ProgramUnit
from tailorbird.types.readout import VerdictKind

BEFORE = ("exposure_days", "count_before", "value_before", "count_ever", "value_ever", "days_since")
NO_MARGIN = "no campaign says what is earned of an order: write metric.margin in one, or experiments.outcome.margin"


def arm_counts(name: ProgramSide, columns: Mapping[str, Column], inside: Mask, margin: bool) -> ProgramArm:
    """What the people of one side did in the period: sums of columns of `program_sql.PERIOD_COLUMNS`."""

    def total(column: str) -> float:
        return float(columns[column][inside].sum())

    return ProgramArm(
        name=name,
        people=int(inside.sum()),
        sent=int(total("sent")),
        buyers=int((columns["orders"][inside] > 0).sum()),
        orders=int(total("orders")),
        revenue=total("revenue"),
        margin=total("margin") if margin else None,
        unsubscribed=int(total("unsubscribed")),
        complained=int(total("complained")),
    )


def program_metrics(
    columns: Mapping[str, Column],
    person_ids: Sequence[str],
    masks: tuple[Mask, Mask],
    n_star: float,
    margin: bool,
) -> tuple[ProgramMetric, ...]:
    """Orders, revenue, margin, unsubscribes and complaints per person: the first mask's people minus the second's.

    `columns` are those of `program_sql.PERIOD_COLUMNS`, one row for each of `person_ids`. Orders are compared from
    MIN_CONVERSIONS buyers on each side on, money from MIN_ORDERS on.
    """
    table = np.log1p(np.maximum(np.stack([columns[name] for name in BEFORE], axis=1).astype(np.float64), 0.0))
    folds = folds_of(person_ids)
    successes = 3 if margin else 2
    found = [_mean("orders", columns, table, folds, masks), _mean("revenue", columns, table, folds, masks)]
    if margin:
        found.append(_mean("margin", columns, table, folds, masks))
    told = [_with_effect(one, n_star, ALPHA / successes, int(masks[0].sum())) for one in found]
    if not margin:
        people = int(masks[0].sum()), int(masks[1].sum())
        told.append(ProgramMetric("margin", "money", "more", Estimate(*people, why=NO_MARGIN), why=NO_MARGIN))
    for name, column in (("unsubscribes", "unsubscribed"), ("complaints", "complained")):
        one = ProgramMetric(name, "share", "less", _share(columns[column], masks))
        told.append(_with_effect(one, n_star, ALPHA / 2, int(masks[0].sum())))
    return tuple(told)


def _mean(
    name: str, columns: Mapping[str, Column], table: Column, folds: Column, masks: tuple[Mask, Mask]
) -> ProgramMetric:
    money = name != "orders"
    people = int(masks[0].sum()), int(masks[1].sum())
    buyers = [int((columns["orders"][mask] > 0).sum()) for mask in masks]
    y = columns[name].astype(np.float64)
    both = masks[0] | masks[1]
    cut = float(capped(y[both]).max(initial=0.0)) if money else None
    if cut is not None:
        y = np.minimum(y, cut)
    unit: ProgramUnit = "money" if money else "count"
    if why := _too_few("money" if money else "orders", people, buyers, MIN_ORDERS if money else MIN_CONVERSIONS):
        return ProgramMetric(name, unit, "more", Estimate(*people, why=why), cut_off=cut, why=why)
    x = _covariate(y, columns, table, folds, both, money)
    sides = [moments_of(y[mask], None, x[mask]) for mask in masks]
    return ProgramMetric(name, unit, "more", estimate(sides[0], sides[1]), cut_off=cut)


def _covariate(
    y: Column, columns: Mapping[str, Column], table: Column, folds: Column, both: Mask, money: bool
) -> Column:
    """The outcome predicted from before by people of other folds, or, with few people, what the same person did
    before."""
    varied = table[:, np.ptp(table[both], axis=0) > 0]
    if int(both.sum()) < PEOPLE_LEAST or not varied.shape[1]:
        before = columns["value_before" if money else "count_before"].astype(np.float64)
        return capped(before) if money else before
    predicted = np.zeros(len(y))
    predicted[both] = cross_fit(varied[both], y[both], folds[both])
    return predicted


def _too_few(what: str, people: tuple[int, int], buyers: Sequence[int], least: int) -> str:
    """Why this cannot be compared, with how many people would be needed; '' if it can."""
    if min(buyers) >= least:
        return ""
    side = 1 if buyers[1] < least else 0
    who = ("in the program", "held out")[side]
    told = f"{buyers[side]:,} of the {count(people[side], 'person', 'people')} {who} ordered, and "
    told += f"{what} are compared" if what == "orders" else f"{what} is compared"
    told += f" from {least} on"
    rate = buyers[side] / max(people[side], 1) or sum(buyers) / max(sum(people), 1)
    if not rate:
        return f"{told}; nobody ordered at all"
    needed = math.ceil(least / rate)
    whose = "of them" if buyers[side] else "of all"
    told += f": with {rate:.1%} {whose} ordering, that takes about {needed:,} people {who}, or a longer period"
    if side and needed <= 0.5 * sum(people):
        told += (
            f"; a global_holdout of {math.ceil(1000 * needed / sum(people)) / 10:g} % would hold out as many of these"
        )
    return told


def _share(did: Column, masks: tuple[Mask, Mask]) -> Estimate:
    people = int(masks[0].sum()), int(masks[1].sum())
    if min(people) < 2:
        return Estimate(*people, why="a side has fewer than two people")
    some = [int(did[mask].sum()) for mask in masks]
    rates = [one / number for one, number in zip(some, people, strict=True)]
    errors = [math.sqrt(share_variance(one, number) / number) for one, number in zip(some, people, strict=True)]
    return Estimate(*people, rates[0] - rates[1], rates[0], rates[1], errors[0], errors[1])


def _with_effect(one: ProgramMetric, n_star: float, alpha: float, people: int) -> ProgramMetric:
    effect = always_valid(one.estimate, n_star, alpha)
    if effect is None:
        return replace(one, why=one.why or one.estimate.why)
    total = Effect(effect.difference * people, effect.low * people, effect.high * people, effect.p)
    return replace(one, effect=effect, total=total)


def judge_program(metrics: Sequence[ProgramMetric], arms: tuple[ProgramArm, ProgramArm]) -> tuple[VerdictKind, str]:
    """(verdict, sentence) where the split is as planned: what is earned decides, harm is told with it."""
    program, held = arms
    if not (program.people and held.people):
        missing = "held out of all campaigns" if program.people else "left to the campaigns"
        return (
            "no_comparison",
            f"No comparison: nobody who counts was {missing}, so nobody can say what messages changed.",
        )
    known = [one for one in metrics if one.unit != "share" and one.effect is not None]
    harm = [one for one in metrics if one.unit == "share" and one.effect is not None and one.effect.low > 0]
    against = f" Against that, {' and '.join(one.name for one in harm)} surely rose." if harm else ""
    if not known:
        return "too_few", f"Too few for an answer: {metrics[0].why}.{against}"
    worse = [one.name for one in known if one.effect is not None and one.effect.high < 0]
    better = [one.name for one in known if one.effect is not None and one.effect.low > 0]
    many = f"{program.people:,} people against {held.people:,} held out"
    if worse:
        also = f", though {' and '.join(better)} rose" if better else ""
        return (
            "worse",
            f"All messages together brought less: {' and '.join(worse)} per person fell{also} ({many}).{against}",
        )
    if better:
        return (
            "better",
            f"All messages together brought more: {' and '.join(better)} per person rose ({many}).{against}",
        )
    return (
        "no_difference",
        f"No difference found: what {many} ordered and spent is alike, as far as it can be told.{against}",
    )
