"""Words that a rule forbids, found in a text: phrases by their rarest words, expressions within their time."""

from collections.abc import Iterator
from itertools import islice

from tailorbird.stages.policies.compiled import CompiledPolicy, PlacedRule
from tailorbird.stages.policies.excuses import find_evidence, is_denied, is_named, is_quoted
from tailorbird.stages.policies.findings import policy_finding
from tailorbird.stages.policies.phrases import Phrase, may_match, phrase_pattern
from tailorbird.stages.policies.reading import Reading
from tailorbird.stages.policies.user_patterns import find_pattern
from tailorbird.types.candidate import Candidate
from tailorbird.types.verdict import Finding, Severity

MATCHES_MAX = 20
"""Places of one wording that are reported: a text of a megabyte is not answered with a megabyte of findings."""
_TIMEOUTS_MAX = 4


def check_words(reading: Reading, candidate: Candidate, compiled: CompiledPolicy) -> Iterator[Finding]:
    """What the text says and may not, each rule's overlapping places once."""
    found: dict[str, tuple[PlacedRule, list[tuple[int, int]]]] = {}
    for one, phrase in _suspects(reading, compiled):
        matches = phrase_pattern(phrase.pattern, one.rule.cased).finditer(reading.folded)
        for match in islice(matches, MATCHES_MAX):
            found.setdefault(one.name, (one, []))[1].append(match.span())
    timeouts = 0
    for one in compiled.patterned:
        if one.hints and not any(hint in reading.lowered for hint in one.hints):
            continue
        for pattern in one.patterns:
            try:
                if timeouts >= _TIMEOUTS_MAX:
                    raise TimeoutError
                for place in find_pattern(pattern, reading.folded, MATCHES_MAX):
                    found.setdefault(one.name, (one, []))[1].append(place)
            except TimeoutError:
                timeouts += 1
                yield _timed_out(one, pattern.pattern)
    for one, places in found.values():
        for start, end in _apart(places):
            yield from _judge(one, reading, candidate, start, end)


def _suspects(reading: Reading, compiled: CompiledPolicy) -> Iterator[tuple[PlacedRule, Phrase]]:
    """The phrases that the text has words enough for, each once."""
    words = reading.words
    if not compiled.anchors.isdisjoint(words):
        seen: set[int] = set()
        for word in sorted(compiled.anchors & words):
            for one, phrase in compiled.by_word[word]:
                if id(phrase) not in seen and may_match(phrase, reading):
                    seen.add(id(phrase))
                    yield one, phrase
    for mark, one, phrase in compiled.by_mark:
        if mark in reading.folded:
            yield one, phrase


def _apart(places: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Overlapping places as one, in order."""
    start = end = -1
    for first, last in sorted(places):
        if first < end:
            end = max(end, last)
            continue
        if end > start:
            yield start, end
        start, end = first, last
    if end > start:
        yield start, end


def _judge(one: PlacedRule, reading: Reading, candidate: Candidate, start: int, end: int) -> Iterator[Finding]:
    rule, folded = one.rule, reading.folded
    if is_named(folded, start, end, candidate.facts) or _is_excused(one, folded, start, end):
        return
    severity: Severity = rule.severity
    for excuse, holds in (
        (rule.denied, rule.denied != "same" and is_denied(folded, start, end, candidate.language)),
        (rule.quoted, rule.quoted != "same" and is_quoted(folded, start, end)),
    ):
        if holds and (excuse == "pass" or severity != "error"):
            return
        if holds:
            severity = "warning"
    span = reading.span(start, end)
    said = reading.text[span[0] : span[1]]
    if rule.evidence or rule.facts:
        if allowed := find_evidence(rule, candidate.facts):
            yield policy_finding(one, "info", span, f"allowed by {allowed}", said)
            return
        # Prose that nothing shows to be true: stopped where nobody reads it before it goes out.
        if severity == "warning" and not candidate.policy.attended:
            severity = "error"
    yield policy_finding(one, severity, span, rule.reason, said)


def _is_excused(one: PlacedRule, folded: str, start: int, end: int) -> bool:
    """Whether a wording of `unless` covers these words."""
    for phrase in one.unless:
        for match in phrase_pattern(phrase.pattern, one.rule.cased).finditer(folded):
            if match.start() <= start and end <= match.end():
                return True
    return False


def _timed_out(one: PlacedRule, pattern: str) -> Finding:
    reason = f"the expression of {one.name} took too long on this text and was stopped: a person decides ({pattern!r})"
    return policy_finding(one, "warning", (0, 0), reason, kind="timed_out")
