"""Covariates: each person's outcome predicted from what all metrics say of the time before the decision."""

import zlib
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from tailorbird.stages.measurement.comparison import Column, Measured, capped
from tailorbird.stages.measurement.cupac import FOLDS, cross_fit
from tailorbird.stages.measurement.metrics_sql import HISTORY_COLUMNS

PEOPLE_LEAST = 1000
"""People from whom on outcomes are predicted. With fewer the ridge learns more noise than it takes away, and what the
same person did in the window before serves alone."""

_BEFORE = ("count_before", "value_before", *HISTORY_COLUMNS)


def folds_of(person_ids: Sequence[str]) -> Column:
    """A fold for each person, 0 to FOLDS - 1, by CRC-32 of the id: it depends on no arm and no outcome."""
    return np.asarray([zlib.crc32(person.encode()) % FOLDS for person in person_ids], dtype=np.int64)


def with_predictions(metrics: Sequence[Measured], person_ids: Sequence[str]) -> list[Measured]:
    """The metrics, success metrics of kind share and value with predicted outcomes (CUPAC).

    Predictors are the numbers of events and the money before the decision, of all metrics, and for a success metric
    its whole past, on a log scale. They are the same for both arms, and a person's own outcome has no part in the
    prediction. Below PEOPLE_LEAST people, or where nothing before varies, nothing is predicted.
    """
    if len(person_ids) < PEOPLE_LEAST:
        return list(metrics)
    columns = [metric.columns[name] for metric in metrics for name in _BEFORE if name in metric.columns]
    table = np.log1p(np.maximum(np.stack(columns, axis=1).astype(np.float64), 0.0))
    table = table[:, np.ptp(table, axis=0) > 0]
    if not table.shape[1]:
        return list(metrics)
    folds = folds_of(person_ids)
    return [_predicted(metric, table, folds) for metric in metrics]


def _predicted(metric: Measured, table: Column, folds: Column) -> Measured:
    if metric.role != "success" or metric.spec.kind not in ("share", "value"):
        return metric
    share = metric.spec.kind == "share"
    outcome = metric.columns["count"] > 0 if share else capped(metric.columns["value"])
    return replace(metric, predicted=cross_fit(table, outcome.astype(np.float64), folds))
