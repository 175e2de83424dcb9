"""The report as one JSON object, for scripts."""

import math
from dataclasses import asdict
from datetime import datetime
from typing import Any

from tailorbird.types.program import ProgramReadout
from tailorbird.types.readout import ArmRow, Effect, Rate, RateRow, Readout
from tailorbird.web.report.sentences import incremental_cost


def report_json(readout: Readout) -> dict[str, Any]:
    """Plain values only. `lift` is the absolute difference in conversion; `interval` [low, high], 95 %, always-valid.

    Both are None where there is no comparison or the split failed its check (`verdict` says which).
    """
    work, effect = readout.work, readout.effect
    cost = incremental_cost(readout)
    return {
        "campaign": readout.campaign,
        "as_of": readout.until.isoformat() if readout.until else None,
        "simulated": readout.simulated,
        "planted": readout.planted,
        "verdict": readout.verdict,
        "sentence": readout.sentence,
        "treated": readout.treated.people,
        "holdout": readout.holdout.people,
        "planned_holdout": readout.planned_holdout,
        "srm_p": readout.srm_p,
        "lift": effect.difference if effect else None,
        "interval": [effect.low, effect.high] if effect else None,
        "p": effect.p if effect else None,
        "relative_lift": effect.relative if effect else None,
        "relative_interval": _relative(effect),
        "conversions": {"treatment": readout.treated.conversions, "holdout": readout.holdout.conversions},
        "conversion_rate": {"treatment": readout.treated.rate, "holdout": readout.holdout.rate},
        "min_conversions": readout.min_conversions,
        "metric": {"name": readout.metric, "event": readout.metric_event, "window_days": readout.window_days},
        "arms": {"treatment": _arm(readout.treated), "holdout": _arm(readout.holdout)},
        "value_per_person": _value(readout),
        "currency": readout.currency,
        "messages": work.messages,
        "sent": work.sent,
        "failed": work.failed,
        "unknown": work.unknown,
        "model_calls": work.model_calls,
        "cached": work.cached,
        "lines": {
            "written": work.lines_written,
            "passed": work.lines_passed,
            "accepted": work.lines_accepted,
        },
        "lines_by_locale": {locale: {"written": w, "passed": p} for locale, (w, p) in work.lines_by_locale.items()},
        "cpu_seconds": work.cpu_seconds,
        "cpu_seconds_per_line": work.cpu_seconds / work.lines_accepted if work.lines_accepted else None,
        "cost": work.cost_micros / 1e6,
        "cost_per_incremental_order": list(cost) if cost else None,
        "delivery_seconds": work.delivery_seconds,
        "rungs": {block: dict(counts) for block, counts in work.rungs.items()},
        "rejected_by_reason": dict(work.rejected_by_reason),
        "machine_clicks": readout.machine_clicks,
        "open_windows": readout.open_windows,
        "funnel": [{"name": step.name, "people": step.people} for step in readout.funnel],
        "lift_over_time": [asdict(point) for point in readout.lift_over_time],
        "creatives": [_row(row) for row in readout.creatives],
        "tags": [_row(row) for row in readout.tags],
        "same_for_all": [asdict(row) for row in readout.same_for_all],
        "notes": list(readout.notes),
        **_beside(readout),
    }


def program_json(readout: ProgramReadout) -> dict[str, Any]:
    """The program's read-out, fields as in `types/program.py`; moments are ISO 8601, intervals always-valid.

    `metrics` is empty where the split is off or the draw was not kept (`verdict` is then 'blocked').
    """
    found: dict[str, Any] = finite(asdict(readout))
    return found


def _beside(readout: Readout) -> dict[str, Any]:
    """What stands beside the effect; fields as in `types/comparison.py` and `types/attribution.py`."""
    return {
        "splits": [finite(asdict(one)) for one in readout.splits],
        "comparisons": [finite(asdict(one)) for one in readout.comparisons],
        "attribution": asdict(readout.attribution) if readout.attribution else None,
        "lifetime": asdict(readout.lifetime) if readout.lifetime else None,
        "data_checks": list(readout.data_checks),
    }


def finite(value: Any) -> Any:
    """The same with None for what JSON has no number for."""
    if isinstance(value, dict):
        return {key: finite(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [finite(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _relative(effect: Effect | None) -> list[float] | None:
    if effect is None or effect.relative_low is None or effect.relative_high is None:
        return None
    return [effect.relative_low, effect.relative_high]


def _arm(arm: ArmRow) -> dict[str, Any]:
    return {**asdict(arm), "rate": arm.rate, "value_per_person": arm.value_per_person}


def _value(readout: Readout) -> dict[str, Any]:
    effect = readout.value_effect
    return {
        "treatment": readout.treated.value_per_person,
        "holdout": readout.holdout.value_per_person,
        "difference": effect.difference if effect else None,
        "interval": [effect.low, effect.high] if effect else None,
        "cut_off_at": readout.value_cap,
    }


def _row(row: RateRow) -> dict[str, Any]:
    counts = row.counts
    return {
        "key": counts.key,
        "block": counts.block,
        "rung": counts.rung,
        "text": counts.text,
        "tags": dict(counts.tags),
        "exposures": counts.exposures,
        "clicks": counts.clicks,
        "conversions": counts.conversions,
        **_rate("click", row.clicks),
        **_rate("conversion", row.conversions),
    }


def _rate(name: str, rate: Rate) -> dict[str, Any]:
    return {
        f"{name}_rate": rate.value,
        f"{name}_interval": [rate.low, rate.high],
        f"{name}_rate_shrunk": rate.shrunk,
        f"{name}s_expected": rate.expected,
    }
