"""Limits of channels: the whole text, each of its lines, one of them, or how many there are."""

from collections.abc import Iterator

from tailorbird.stages.policies.compiled import PlacedRule
from tailorbird.stages.policies.findings import policy_finding
from tailorbird.stages.policies.lengths import NOUNS, measure
from tailorbird.types.policy_pack import Limit
from tailorbird.types.verdict import Finding


def check_limits(text: str, limits: tuple[PlacedRule, ...]) -> Iterator[Finding]:
    """What is too long or too short, with both numbers."""
    for one in limits:
        limit = one.rule.limit
        if limit is None:
            continue
        if limit.of == "text":
            if fault := _fault(measure(text, limit), limit):
                yield _finding(one, (0, len(text)), fault)
            continue
        lines = list(_lines(text))
        if limit.of == "lines":
            if fault := _fault(len(lines), limit, "lines"):
                yield _finding(one, (0, len(text)), fault)
        elif limit.of == "any_line":
            if lines and all(_fault(measure(line, limit), limit) for _, line in lines):
                shortest = min(measure(line, limit) for _, line in lines)
                fault = f"no line is short enough: the shortest has {shortest} {NOUNS[limit.unit]}, {_allowed(limit)}"
                yield _finding(one, (0, len(text)), fault)
        else:
            for start, line in lines:
                if fault := _fault(measure(line, limit), limit):
                    yield _finding(one, (start, start + len(line)), fault)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """(where it begins, the line without spaces around it) of each line that is not empty."""
    at = 0
    for line in text.splitlines(keepends=True):
        bare = line.strip()
        if bare:
            yield at + line.index(bare), bare
        at += len(line)


def _fault(length: int, limit: Limit, noun: str = "") -> str:
    too_long = limit.max is not None and length > limit.max
    if too_long or (limit.min is not None and length < limit.min):
        return f"{length} {noun or NOUNS[limit.unit]}, {_allowed(limit)}"
    return ""


def _allowed(limit: Limit) -> str:
    if limit.max is None:
        return f"at least {limit.min}"
    return f"{limit.min} to {limit.max}" if limit.min is not None else f"at most {limit.max}"


def _finding(one: PlacedRule, span: tuple[int, int], fault: str) -> Finding:
    return policy_finding(one, one.rule.severity, span, f"{one.rule.reason}: {fault}", fault)
