"""Lifetime: revenue, margin and what is expected yet, per decision and per arm."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.lifetime import customers_sql
from tailorbird.stages.lifetime.to_come import ToCome, money_to_come
from tailorbird.stages.measurement.comparison import capped
from tailorbird.stages.measurement.estimates import always_valid, estimate
from tailorbird.stages.measurement.metrics_sql import compile_worth
from tailorbird.stages.measurement.moments import moments_of
from tailorbird.types.attribution import Lifetime, LifetimeArm

WEEKS = 52
WORTH_COLUMNS = ("decision_id", "person_id", "arm", "variant", "value", "margin")


@dataclass(frozen=True, slots=True)
class Worth:
    """One row per person's first decision: what it brought after refunds, and what is expected yet (None: no model)."""

    columns: dict[str, npt.NDArray[Any]]
    to_come: npt.NDArray[np.float64] | None
    model: ToCome
    customers: int


def worth_of(warehouse: Warehouse, until: datetime, weeks: int = WEEKS) -> Worth:
    """The worth of every decision; `warehouse` must hold `firsts`, `brought` and the metric's `orders`."""
    people, model = customers_to_come(warehouse, until, weeks)
    decided = warehouse.rows(compile_worth())
    columns: dict[str, npt.NDArray[Any]] = {
        name: np.asarray([row[i] for row in decided], dtype=np.float64 if i > 3 else object)
        for i, name in enumerate(WORTH_COLUMNS)
    }
    if model.why:
        return Worth(columns, None, model, len(people))
    of_person = dict(zip(people, model.money.tolist(), strict=True))
    to_come = np.asarray([of_person.get(person, 0.0) for person in columns["person_id"]], dtype=np.float64)
    return Worth(columns, to_come, model, len(people))


def customers_to_come(warehouse: Warehouse, until: datetime, weeks: int = WEEKS) -> tuple[list[str], ToCome]:
    """(whoever ever bought, what each is expected to bring yet, in the same order); needs the metric's `orders`."""
    rows = warehouse.rows(customers_sql.compile_customers(until))
    table = np.asarray([row[1:] for row in rows], dtype=np.float64).reshape(len(rows), 5)
    columns = [table[:, i] for i in range(5)]
    return [row[0] for row in rows], money_to_come(columns[0], columns[1], columns[2], columns[3], columns[4], weeks)


def lifetime(worth: Worth, n_star: float, split_ok: bool, weeks: int = WEEKS) -> Lifetime:
    """The arms' worth per person, and the difference between treated and held out where the split holds."""
    arm, columns = worth.columns["arm"], worth.columns
    arms = tuple(_arm(worth, name, arm == name) for name in ("treatment", "holdout") if (arm == name).any())
    model = worth.model
    parameters: Sequence[float] = ()
    if model.purchases is not None:
        parameters = (model.purchases.r, model.purchases.alpha, model.purchases.a, model.purchases.b)
    why, effect = model.why, None
    if not why and not split_ok:
        why = "people did not split as planned"
    if not why and worth.to_come is not None:
        total = capped(np.maximum(columns["margin"] + worth.to_come, 0.0))
        found = estimate(moments_of(total[arm == "treatment"]), moments_of(total[arm == "holdout"]))
        effect, why = always_valid(found, n_star), found.why
    if effect is None:
        return Lifetime(arms, weeks, tuple(parameters), worth.customers, why=why)
    return Lifetime(arms, weeks, tuple(parameters), worth.customers, effect.difference, effect.low, effect.high)


def _arm(worth: Worth, name: str, inside: npt.NDArray[np.bool_]) -> LifetimeArm:
    columns = worth.columns
    to_come = None if worth.to_come is None else float(worth.to_come[inside].mean())
    value, margin = float(columns["value"][inside].mean()), float(columns["margin"][inside].mean())
    return LifetimeArm(name, int(inside.sum()), value, margin, to_come)
