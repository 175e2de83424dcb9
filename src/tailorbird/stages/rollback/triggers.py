"""Triggers: what came back about a campaign's messages against the limits of its rollback."""

import math
from collections.abc import Iterator, Mapping, Sequence

from tailorbird.stages.rollback.guardrail_sequence import ratio_bound
from tailorbird.types.feedback import Tally
from tailorbird.types.guardrail import RollbackSpec
from tailorbird.types.incident import Reading, Severity

UNSUBSCRIBES = "unsubscribes"
LATENCY_LEAST = 100
"""So many times are needed before their 95th percentile says anything."""

_SEVERE: Mapping[str, Severity] = {"complaints": "high", "policy_hits": "high", "latency_p95_ms": "low"}


def sum_tallies(tallies: Mapping[str, Tally]) -> Tally:
    """All variants together."""
    heard: dict[str, int] = {}
    for tally in tallies.values():
        for kind, count in tally.heard.items():
            heard[kind] = heard.get(kind, 0) + count
    return Tally(sum(t.sent for t in tallies.values()), sum(t.failed for t in tallies.values()), heard)


def read_shares(tally: Tally, spec: RollbackSpec) -> list[Reading]:
    """Complaints and policy hits by message sent, bounces by message handed over, against their limits.

    A limit is reached at the limit itself: 0.1 % is one complaint in a thousand. A limit of 0 would always be reached,
    so that it fires at the first one only.
    """
    tried = tally.sent + tally.failed
    bounced = tally.failed + tally.heard.get("bounce", 0)
    return [
        _share("complaints", tally.heard.get("complaint", 0), tally.sent, spec.complaints, tried, spec.minimum),
        _share("bounces", bounced, tried, spec.bounces, tried, spec.minimum),
        _share("policy_hits", tally.heard.get("policy_hit", 0), tally.sent, spec.policy_hits, tried, spec.minimum),
    ]


def _share(name: str, count: int, total: int, limit: float, tried: int, minimum: int) -> Reading:
    if tried < minimum or total == 0:
        return Reading(name, None, limit, False, count, total, f"fewer than {minimum:,} messages were sent")
    value = count / total
    return Reading(name, value, limit, count > 0 and value >= limit, count, total)


def read_unsubscribes(tally: Tally, comparison: Tally, spec: RollbackSpec, alpha: float, against: str) -> Reading:
    """How many times as many people unsubscribe as where the comparison writes.

    It fires where the ratio is at least the limit and, at every look with probability 1 - alpha, above 1: two against
    one is no evidence. Without a comparison, or where nobody of it unsubscribed, the ratio is not known.
    """
    limit, count, total = spec.unsubscribe_ratio, tally.heard.get("unsubscribe", 0), tally.sent
    if total < spec.minimum:
        why = f"fewer than {spec.minimum:,} messages were sent"
        return Reading(UNSUBSCRIBES, None, limit, False, count, total, why)
    if comparison.sent == 0:
        why = "nothing to compare with: no control variant, and no other campaign wrote in these days"
        return Reading(UNSUBSCRIBES, None, limit, False, count, total, why)
    theirs = comparison.heard.get("unsubscribe", 0)
    bound = ratio_bound(min(count, total), total, min(theirs, comparison.sent), comparison.sent, alpha)
    ratio = (count / total) / (theirs / comparison.sent) if theirs else None
    surely = bound > 1.0 and (ratio is None or ratio >= limit)
    told = f"{theirs:,} of {comparison.sent:,} unsubscribed from {against}; surely more than {bound:.2f} times as many"
    if ratio is None and not surely:
        return Reading(UNSUBSCRIBES, None, limit, False, count, total, f"nobody unsubscribed from {against} yet")
    return Reading(UNSUBSCRIBES, ratio if ratio is not None else max(bound, limit), limit, surely, count, total, told)


def read_latency(times_ms: Sequence[float], spec: RollbackSpec) -> Iterator[Reading]:
    """The 95th percentile of the times of the last messages; nothing where it is not watched."""
    if not spec.latency_p95_ms:
        return
    name, limit = "latency_p95_ms", spec.latency_p95_ms
    if len(times_ms) < LATENCY_LEAST:
        why = f"fewer than {LATENCY_LEAST} messages were handed over in this run"
        yield Reading(name, None, limit, False, 0, len(times_ms), why)
        return
    ranked = sorted(times_ms)
    value = ranked[math.ceil(0.95 * len(ranked)) - 1]
    yield Reading(name, value, limit, value > limit, sum(time > limit for time in times_ms), len(times_ms))


def severity_of(fired: Sequence[Reading]) -> Severity:
    """'critical' where something is ten times its limit, else the worst of what fired."""
    if any(r.value is not None and r.limit > 0 and r.value >= 10 * r.limit for r in fired if r.name in _SEVERE):
        return "critical"
    ranks: tuple[Severity, ...] = ("low", "medium", "high")
    return max((_SEVERE.get(r.name, "medium") for r in fired), key=ranks.index, default="medium")


def tell_reading(reading: Reading) -> str:
    """One line: 'complaints: 3 of 1,204 (0.25 %), limit 0.10 %'."""
    if reading.value is None:
        return f"{reading.name}: not known ({reading.why})"
    of = f"{reading.count:,} of {reading.total:,}"
    if reading.name == "latency_p95_ms":
        return f"{reading.name}: {reading.value:,.0f} ms, limit {reading.limit:,.0f} ms ({of} took longer)"
    if reading.name == UNSUBSCRIBES or reading.name.startswith("guardrail"):
        return f"{reading.name}: {of}, {reading.value:.2f}, limit {reading.limit:.2f} ({reading.why})"
    return f"{reading.name}: {of} ({reading.value:.2%}), limit {reading.limit:.2%}"
