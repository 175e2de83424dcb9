"""Attribute: orders credited to touches by rules, beside what the experiment says was changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.attribution import touches_sql
from tailorbird.stages.attribution.answer import answer
from tailorbird.stages.attribution.credit import removal_effects, shapley_values, weights
from tailorbird.types.attribution import Attribution, AttributionSettings, CreditRow
from tailorbird.types.effect import Effect


def attribute(
    warehouse: Warehouse,
    settings: AttributionSettings,
    campaign: str,
    since: datetime,
    until: datetime,
    changed: Effect | None,
    why: str = "",
) -> Attribution:
    """Credit for the orders from `since` to `until`. `changed` is how many orders the campaign brought by its holdout.

    `warehouse` must hold `events` and the metric's `orders`; tables `touches` and `label_weights` are made in it.
    """
    warehouse.run(touches_sql.compile_touches(settings, since, until))
    steps = [(str(a), str(b), float(n)) for a, b, n in warehouse.rows(touches_sql.compile_steps())]
    sets = [(list(labels), float(n), float(x)) for labels, n, x in warehouse.rows(touches_sql.compile_sets())]
    removal = removal_effects(steps, touches_sql.START, touches_sql.ORDERED)
    shapley = shapley_values(sets)
    of_removal, of_shapley = weights(removal), weights(shapley or dict.fromkeys(removal, 1.0))
    labels = sorted(of_removal) or [touches_sql.NOTHING]
    warehouse.load(
        "label_weights",
        {
            "label": labels,
            "removal": [of_removal.get(label, 1.0) for label in labels],
            "shapley": [of_shapley.get(label, 1.0) for label in labels],
        },
    )
    rows = [_row(row, campaign, shapley is not None) for row in warehouse.rows(touches_sql.compile_credit())]
    orders = int(warehouse.rows(touches_sql.compile_orders_since(since))[0][0])
    credited = round(sum(row.last_touch for row in rows))
    return answer(rows, campaign, orders, orders - credited, settings, changed, why)


def _row(row: Any, campaign: str, has_shapley: bool) -> CreditRow:
    label, touches, last, removal, shapley, value_last, value_removal, margin_last, margin_removal = row
    return CreditRow(
        str(label),
        int(touches),
        float(last),
        float(removal),
        float(shapley) if has_shapley else None,
        float(value_last),
        float(value_removal),
        float(margin_last),
        float(margin_removal),
        own=str(label) == campaign,
    )


def credit_of_decisions(warehouse: Warehouse) -> Mapping[str, tuple[float, float, float, float]]:
    """{decision_id: (orders by last touch, by removal, margin by last touch, by removal)}, after `attribute`."""
    rows = warehouse.rows(touches_sql.compile_decision_credit())
    return {str(row[0]): (float(row[1]), float(row[2]), float(row[3]), float(row[4])) for row in rows}
