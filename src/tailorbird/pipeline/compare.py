"""Compare: the arms of a campaign held against each other, with all its metrics and guardrails."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.measurement import metrics_sql, rewards_sql
from tailorbird.stages.measurement.comparison import (
    Column,
    Mask,
    Measured,
    by_cohort,
    compare,
    concurrent,
    fixed,
    metric_estimate,
    on_exposed,
    over_weeks,
)
from tailorbird.stages.measurement.covariates import with_predictions
from tailorbird.stages.measurement.estimates import always_valid, estimate
from tailorbird.stages.measurement.moments import moments_of
from tailorbird.stages.measurement.power import power_left
from tailorbird.types.campaign import Campaign
from tailorbird.types.comparison import Comparison, Role
from tailorbird.types.effect import Effect
from tailorbird.types.metric import MetricSpec

HOLDOUT, TREATMENT = "holdout", "treatment"


@dataclass(frozen=True, slots=True)
class Compared:
    """The comparisons, and how many orders the campaign brought by its holdout (None, with `why`: not known)."""

    comparisons: tuple[Comparison, ...] = ()
    changed: Effect | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Arms:
    """One row per person: the arm compared, and what the comparison looks at besides."""

    arm: Column
    locale: Column
    joined: Column
    exposed: Column
    stratum: Column
    person_ids: Sequence[str]

    def mask(self, name: str) -> Mask:
        """Who is in the arm; everybody who is not held out is in 'treatment'."""
        return np.asarray(self.arm != HOLDOUT if name == TREATMENT else self.arm == name, dtype=np.bool_)


def compare_arms(
    campaign: Campaign, warehouse: Warehouse, until: datetime, n_star: float, split_ok: bool, finished: bool = False
) -> Compared:
    """Treated against held out, then each variant against the experiment's control.

    `warehouse` must hold `decisions`, `outcomes` and `events`. Arms without people are not compared. `split_ok` false
    blocks every effect. A person counts from the first decision, and in a variant from the first decision in one.
    """
    warehouse.run(metrics_sql.compile_firsts(until))
    arms, experiment = _arms(warehouse), campaign.experiment
    masks = arms.mask(TREATMENT), arms.mask(HOLDOUT)
    if not masks[0].any() or not (masks[1].any() or (experiment and experiment.variants)):
        return Compared(why="there are no two arms to compare")
    metrics = _metrics(campaign, warehouse, until, arms)
    compared = _pairs([(TREATMENT, HOLDOUT)], metrics, arms, n_star, split_ok, finished)
    if experiment is not None and experiment.variants:
        pairs = [(name, experiment.control) for name in experiment.variants if name != experiment.control]
        if bool((arms.arm == TREATMENT).any()):  # the campaign is older than the experiment
            warehouse.run(metrics_sql.compile_variant_firsts(until))
            tried = _arms(warehouse)
            compared += _pairs(pairs, _metrics(campaign, warehouse, until, tried), tried, n_star, split_ok, finished)
            warehouse.run(metrics_sql.compile_firsts(until))
        else:
            compared += _pairs(pairs, metrics, arms, n_star, split_ok, finished)
    if not compared:
        return Compared(why="there are no two arms to compare")
    changed, why = orders_changed(metrics[0], masks, n_star) if split_ok else (None, "people did not split as planned")
    return Compared(compared, changed, why)


def _metrics(campaign: Campaign, warehouse: Warehouse, until: datetime, arms: Arms) -> list[Measured]:
    """Every metric of the people of `firsts`, with what is predicted of them."""
    metrics = [_measure(warehouse, *each, until) for each in metrics_of(campaign, warehouse, until)]
    metrics = with_predictions(metrics, arms.person_ids)
    return metrics + _returns(metrics[0])


def _pairs(
    pairs: Sequence[tuple[str, str]],
    metrics: Sequence[Measured],
    arms: Arms,
    n_star: float,
    split_ok: bool,
    finished: bool,
) -> tuple[Comparison, ...]:
    return tuple(
        _compared(a, b, metrics, arms, n_star, split_ok, finished)
        for a, b in pairs
        if arms.mask(a).any() and arms.mask(b).any()
    )


def orders_changed(own: Measured, masks: tuple[Mask, Mask], n_star: float) -> tuple[Effect | None, str]:
    """(how many orders the treated made beyond what they would have made, with its interval; why it is not known)."""
    found = metric_estimate(replace(own, spec=replace(own.spec, kind="share")), *masks)
    if found.difference is None:
        return None, found.why
    orders = own.columns["count"]
    per_person = always_valid(estimate(moments_of(orders[masks[0]]), moments_of(orders[masks[1]])), n_star)
    if per_person is None:
        return None, "orders do not vary"
    n = float(masks[0].sum())
    return Effect(per_person.difference * n, per_person.low * n, per_person.high * n, per_person.p), ""


def metrics_of(
    campaign: Campaign, warehouse: Warehouse, until: datetime
) -> list[tuple[MetricSpec, Role, float | None, bool]]:
    """(metric, role, margin, whether it is relative): the campaign's own, its guardrails, and what is always watched.

    Support tickets are watched where the events know of any, and `_returns` adds returns per order.
    """
    out = own_metrics(campaign)
    known = warehouse.rows(metrics_sql.compile_known(rewards_sql.TICKET, until))[0][0]
    if known and watches_tickets(campaign):
        out.append((tickets_of(campaign), "watched", float("inf"), False))
    return out


def own_metrics(campaign: Campaign) -> list[tuple[MetricSpec, Role, float | None, bool]]:
    """The same of what the file names: the campaign's metrics, and its guardrails."""
    out: list[tuple[MetricSpec, Role, float | None, bool]] = [
        (spec, "success", None, False) for spec in (campaign.metric, *campaign.metrics)
    ]
    for guard in campaign.guardrails:
        spec = MetricSpec(guard.name, guard.event, guard.window_days, better="less")
        out.append((spec, "guardrail", guard.absolute or guard.margin, not guard.absolute))
    return out


def watches_tickets(campaign: Campaign) -> bool:
    """Whether support tickets are watched without being asked for: no guardrail of the campaign's is on them."""
    return rewards_sql.TICKET not in {guard.event for guard in campaign.guardrails}


def tickets_of(campaign: Campaign) -> MetricSpec:
    """Support tickets in the window of the campaign's own metric."""
    return MetricSpec("support tickets", rewards_sql.TICKET, campaign.metric.window_days, better="less")


def returns_of(metric: MetricSpec) -> MetricSpec:
    """Returns per order of the metric."""
    return replace(metric, name="returns per order", kind="ratio", better="less")


def _returns(own: Measured) -> list[Measured]:
    """Returns per order, where there were any: more orders bring more returns, and that is no harm."""
    if not own.columns["refunds"].any():
        return []
    nothing = np.zeros(len(own.columns["count"]))
    columns = {**own.columns, "value": own.columns["refunds"], "value_before": nothing, "per": own.columns["per"]}
    # Whoever ordered counts, also where all of it came back.
    columns["count"] = own.columns["per"]
    return [Measured(returns_of(own.spec), "watched", columns, float("inf"))]


def _arms(warehouse: Warehouse) -> Arms:
    rows = warehouse.rows(metrics_sql.compile_first_rows())
    told = {name: [row[i] for row in rows] for i, name in enumerate(metrics_sql.FIRST_COLUMNS)}
    arm = [
        HOLDOUT if held == HOLDOUT else variant or TREATMENT
        for held, variant in zip(told["arm"], told["variant"], strict=True)
    ]
    return Arms(
        np.asarray(arm, dtype=object),
        np.asarray([locale or "" for locale in told["locale"]], dtype=object),
        np.asarray(told["joined_day"], dtype=object),
        np.asarray(told["exposed"], dtype=np.float64),
        np.asarray([stratum or "" for stratum in told["stratum"]], dtype=object),
        told["person_id"],
    )


def _measure(
    warehouse: Warehouse, spec: MetricSpec, role: Role, margin: float | None, relative: bool, until: datetime
) -> Measured:
    warehouse.run(rewards_sql.compile_orders(spec, until))
    rows = warehouse.rows(metrics_sql.compile_metric_rows(spec, until))
    table = np.asarray(rows, dtype=np.float64).reshape(len(rows), len(metrics_sql.METRIC_COLUMNS))
    columns: Mapping[str, Column] = {name: table[:, i] for i, name in enumerate(metrics_sql.METRIC_COLUMNS)}
    if role == "success":
        past = np.asarray(warehouse.rows(metrics_sql.compile_history_rows()), dtype=np.float64).reshape(len(rows), -1)
        columns = {**columns, **{name: past[:, i] for i, name in enumerate(metrics_sql.HISTORY_COLUMNS)}}
    return Measured(spec, role, columns, margin, relative)


def _compared(
    arm: str, control: str, metrics: Sequence[Measured], arms: Arms, n_star: float, split_ok: bool, finished: bool
) -> Comparison:
    masks, since = concurrent(arms.joined, (arms.mask(arm), arms.mask(control)))
    found = compare(arm, control, metrics, masks, n_star, split_ok, finished, arms.stratum)
    if not split_ok:
        return replace(found, since=since)
    own, before = metrics[0], metrics[0].columns["count_before"]
    active = np.where(before > 1, "several before", np.where(before > 0, "one before", "none before")).astype(object)
    reached = float(arms.exposed[masks[0]].mean()) if masks[0].any() else 0.0
    dimensions = {"locale": arms.locale, own.spec.name: active}
    return replace(
        found,
        since=since,
        exposed=reached,
        on_exposed=on_exposed(found.results[0].effect, reached) if control == HOLDOUT else None,
        fixed=fixed(own, masks),
        power_left=power_left(found.results[0].estimate, n_star, n_star),
        cohorts=by_cohort(own, masks, dimensions, n_star),
        novelty=over_weeks(own, masks, n_star),
    )
