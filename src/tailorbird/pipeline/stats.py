"""The statistics of a project's event log: what came in, from whom, and what became of it."""

from typing import Any

from tailorbird.ports.event_log import EventLog
from tailorbird.ports.quarantine import Quarantine
from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.events.stats_sql import COUNTS, counts_sql, lateness_sql, totals_sql, uncounted_sql

_VIEW = "counted_segments"
LATENESS = ("p50", "p90", "p99", "max")
"""How long after it happened an event came in, in seconds."""


def count_events(
    log: EventLog, quarantine: Quarantine, warehouse: Warehouse, duplicates: int, conflicts: int
) -> dict[str, Any]:
    """Exact counts of everything that was acknowledged before the call, also while servers write.

    `duplicates` and `conflicts` are what the log's own tally says.
    """
    segments = log.seal()
    accepted, first, last = 0, None, None
    tests, machines, late = 0, 0, dict.fromkeys(LATENESS)
    counts: dict[str, dict[str, int]] = {name: {} for name in COUNTS}
    if segments:
        warehouse.attach(_VIEW, segments)
        ((accepted, first, last),) = warehouse.rows(totals_sql(_VIEW))
        tests, machines = warehouse.rows(uncounted_sql(_VIEW))[0]
        late = dict(zip(LATENESS, warehouse.rows(lateness_sql(_VIEW))[0], strict=True))
        counts = {name: dict(warehouse.rows(counts_sql(_VIEW, name))) for name in COUNTS}
    reasons: dict[str, int] = {}
    for row in quarantine.rows():
        reasons[row.source] = reasons.get(row.source, 0) + 1
    return {
        "accepted": accepted,
        "duplicates": duplicates,
        "conflicts": conflicts,
        "quarantined": sum(reasons.values()),
        "quarantined_by_source": dict(sorted(reasons.items())),
        "tests": tests,
        "machines": machines,
        "late_seconds": late,
        "first_received": _moment(first),
        "last_received": _moment(last),
        **counts,
    }


def _moment(value: Any) -> str | None:
    return None if value is None else f"{value.isoformat()}+00:00"
