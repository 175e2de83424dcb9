"""Rules that no text could follow together: a line that one requires and another forbids, limits that leave nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tailorbird.stages.policies.compiled import PlacedRule, overlap, place_rules
from tailorbird.stages.policies.lengths import measure
from tailorbird.stages.policies.phrases import may_match, phrase_pattern
from tailorbird.stages.policies.reading import fold, read_text
from tailorbird.stages.policies.user_patterns import find_pattern
from tailorbird.types.policy_pack import PolicyPack, Texts


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two rules, and why no text can follow both."""

    first: PlacedRule
    second: PlacedRule
    why: str


def find_contradictions(packs: Sequence[PolicyPack]) -> Iterator[Contradiction]:
    """Every pair of rules that contradict each other where both hold."""
    locales = sorted({name for pack in packs for rule in pack.rules for name in _locales(rule.lines)} or {"en"})
    told: set[tuple[str, str]] = set()
    for locale in locales:
        rules = [one for pack in packs for one in place_rules(pack, locale)]
        required = [one for one in rules if one.lines]
        for one in required:
            for other in rules:
                if other is not one and (one.name, other.name) not in told and overlap(one.rule, other.rule):
                    for found in _against(one, other):
                        told.add((one.name, other.name))
                        yield found
    limits = [one for pack in packs for one in place_rules(pack, locales[0]) if one.rule.limit is not None]
    for n, one in enumerate(limits):
        for other in limits[n:]:
            yield from _between(one, other)


def _locales(texts: Mapping[str, Texts]) -> set[str]:
    """What a line is written in; a line for every language is tried against English and German rules."""
    return set(texts) - {"*"} | ({"en", "de"} if "*" in texts else set())


def _against(one: PlacedRule, other: PlacedRule) -> Iterator[Contradiction]:
    rule, limit = other.rule, other.rule.limit
    if rule.severity != "error":
        return
    if rule.kind == "words" and not (rule.evidence or rule.facts):
        forbidden = [_forbidden(line, other) for line in one.lines]
        if all(forbidden):
            yield Contradiction(one, other, f"requires {one.lines[0]!r}, and {other.name} forbids {forbidden[0]!r}")
    fits = limit is not None and limit.of == "text" and limit.max is not None and not one.rule.beside
    if fits and limit is not None and all(measure(line, limit) > (limit.max or 0) for line in one.lines):
        why = f"requires {one.lines[0]!r}, which is longer than {other.name} allows ({limit.max} {limit.unit})"
        yield Contradiction(one, other, why)


def _forbidden(line: str, other: PlacedRule) -> str:
    """The words of a line that a rule forbids; '' where it forbids none."""
    reading = read_text(line)
    for phrase in other.phrases:
        if (not phrase.anchors or not phrase.anchors.isdisjoint(reading.words)) and may_match(phrase, reading):
            match = phrase_pattern(phrase.pattern, other.rule.cased).search(reading.folded)
            if match and not _excused(match.span(), reading.folded, other):
                return str(match.group())
    for pattern in other.patterns:
        try:
            for start, end in find_pattern(pattern, fold(line), 1):
                return reading.folded[start:end]
        except TimeoutError:
            continue
    return ""


def _excused(span: tuple[int, int], folded: str, other: PlacedRule) -> bool:
    return any(
        match.start() <= span[0] and span[1] <= match.end()
        for phrase in other.unless
        for match in phrase_pattern(phrase.pattern, other.rule.cased).finditer(folded)
    )


def _between(one: PlacedRule, other: PlacedRule) -> Iterator[Contradiction]:
    """Two limits of the same measure whose least is more than the most of the other."""
    first, second = one.rule.limit, other.rule.limit
    if first is None or second is None or not overlap(one.rule, other.rule):
        return
    if (first.unit, first.of) != (second.unit, second.of) or {one.rule.severity, other.rule.severity} != {"error"}:
        return
    for low, high, asks, allows in ((first, second, one, other), (second, first, other, one)):
        if low.min is not None and high.max is not None and low.min > high.max:
            yield Contradiction(asks, allows, f"asks for at least {low.min} {low.unit}, {allows.name} for {high.max}")
            return
