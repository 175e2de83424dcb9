"""SQL that counts what is in the log: by type, by event name, and by the client library that sent it."""

from collections.abc import Mapping

_LIBRARY = "coalesce(nullif(json_extract_string(context, '$.library.name'), ''), '(none)')"
COUNTS: Mapping[str, str] = {
    "types": "type",
    "events": "event",
    "clients": _LIBRARY,
}
"""What a count is by, under the name of its answer."""


def totals_sql(events: str) -> str:
    """(accepted, first received, last received) over a view of the log's segments; times are UTC without zone."""
    return f"SELECT count(*), min(received_at), max(received_at) FROM ({_once(events)})"


def counts_sql(events: str, name: str) -> str:
    """(value, count) for one of COUNTS, the most frequent first; events without the value are left out."""
    value = COUNTS[name]
    return (
        f"SELECT {value} AS value, count(*) AS n FROM ({_once(events)}) WHERE {value} IS NOT NULL "
        "GROUP BY 1 ORDER BY n DESC, value"
    )


def uncounted_sql(events: str) -> str:
    """(test events, events that a machine marked when they came in): they are in the log and count nowhere.

    What only the view `all_events` can tell, a scanner's other clicks and testers by name, is not among them.
    """
    told = "json_extract_string(context, '$.{}')"
    machine = f"coalesce({told.format('machine')}, 'false') NOT IN ('false', '')"
    test = f"coalesce({told.format('test')} = 'true', FALSE)"
    few = "WHERE contains(context, '\"test\"') OR contains(context, '\"machine\"')"  # Most are never parsed.
    return (
        f"SELECT count(*) FILTER (WHERE {test}), count(*) FILTER (WHERE {machine} AND NOT {test}) "
        f"FROM (SELECT context FROM ({_once(events)}) {few})"
    )


def lateness_sql(events: str) -> str:
    """Seconds from when an event happened to its receipt: (median, 90 %, 99 %, most); NULLs without events."""
    late = "epoch(received_at) - epoch(timestamp)"
    parts = ", ".join(f"quantile_cont({late}, {share})" for share in (0.5, 0.9, 0.99))
    return f"SELECT {parts}, max({late}) FROM ({_once(events)})"


def _once(events: str) -> str:
    # Two processes may have written one event at the same moment, and one of them may still be writing.
    return f"SELECT DISTINCT ON (message_id) * FROM {events}"
