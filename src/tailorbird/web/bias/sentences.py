"""The plain sentences of the bias report: what was compared, what was found, and nothing that was not looked at."""

from collections.abc import Sequence

from tailorbird.stages.fairness.answers import DOORS, Passage
from tailorbird.stages.fairness.audit_result import AttributeAudit, BiasAudit, SelectionRates
from tailorbird.stages.fairness.comparisons import LEAST_PAIRS, Comparison, DeliveredComparison
from tailorbird.stages.fairness.rate_ratio import RateRatio
from tailorbird.types.money import exponent_of
from tailorbird.web.report.sentences import money

Finding = Comparison | DeliveredComparison | SelectionRates
STAGES = {"audience": "being in the audience", "message": "getting a message"}
STANDINGS = {
    "kept": "at or above four fifths",
    "broken": "below four fifths",
    "open": "not settled: the interval reaches over four fifths",
    "too_few": "too few people to say",
}
MEASURE_NAMES = {
    "written_to": "being written to",
    "offer_price": "price of the first item",
    "offer_total": "price of all items shown",
    "discount": "discount",
    "price_tier": "price tier of the first item",
    "fallback": "blocks that fell back to the template",
    "warm_tone": "lines tagged warm",
    "declined": "words of refusing",
    "readability": "reading ease",
}


def counted(number: int, one: str, many: str = "") -> str:
    """'1 pair', '2,000 pairs'."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def measure_name(measure: str) -> str:
    """A measure, as a reader calls it."""
    return MEASURE_NAMES.get(measure, measure)


def verdict_sentence(audit: BiasAudit) -> str:
    """The audit in one sentence: a fault of the pipeline first, then findings, then what their absence rests on."""
    pairs = sum(attribute.passage.pairs for attribute in audit.attributes)
    if audit.leaks:
        return (
            f"Something is wrong: {counted(audit.leaks, 'pair')} of messages differ though nothing that consent allows "
            "reads what was changed."
        )
    if audit.findings:
        of = dict.fromkeys(getattr(finding, "attribute", "") for finding in audit.findings)
        return f"{counted(len(audit.findings), 'difference')} should be looked at, by: {', '.join(of)}."
    if audit.contexts < LEAST_PAIRS:
        return (
            f"Too few people to conclude anything: the audience has {counted(audit.audience, 'person', 'people')}, and "
            f"{LEAST_PAIRS} contexts are needed."
        )
    differing = sum(attribute.passage.differing for attribute in audit.attributes)
    slot = sum(attribute.passage.doors.get("slot", 0) for attribute in audit.attributes)
    if not differing:
        return f"No difference was found: all {pairs:,} pairs of personas got the same message, byte for byte."
    if slot == differing:
        return (
            f"No difference was found beyond the name that is printed: of {pairs:,} pairs of personas, {slot:,} differ "
            "in the value of a slot, and in nothing else."
        )
    return f"No difference that should be looked at was found among {pairs:,} pairs of personas; {differing:,} differ."


def attribute_sentence(audited: AttributeAudit) -> str:
    """What became of one attribute."""
    passage = audited.passage
    if passage.leaked or audited.denied.leaked:
        return f"{passage.leaked + audited.denied.leaked:,} pairs differ though nothing that is allowed reads it"
    if not passage.differing:
        return f"{counted(passage.pairs, 'pair')}, every byte the same: {_why_same(passage)}"
    doors = ", ".join(f"{count:,} because {DOORS[door]}" for door, count in passage.doors.items() if door in DOORS)
    doors += f"; {passage.offers_differ:,} with another offer" if passage.offers_differ else ""
    found = counted(len(audited.findings), "difference") + " to look at" if audited.findings else "nothing to look at"
    return f"{passage.differing:,} of {counted(passage.pairs, 'pair')} differ ({doors}); {found}"


def _why_same(passage: Passage) -> str:
    if passage.unread == passage.pairs:
        return "nothing reads it"
    if passage.withheld == passage.pairs:
        return "consent withholds it"
    read = passage.pairs - passage.unread - passage.withheld
    return f"{read:,} times it is read and changes nothing, {passage.withheld:,} times consent withholds it"


def finding_sentence(finding: Finding, currency: str) -> str:
    """One finding, with its figures."""
    if isinstance(finding, SelectionRates):
        broken = {group: ratio for group, ratio in finding.groups.items() if ratio.standing == "broken"}
        worst = min(broken, key=lambda group: broken[group].ratio or 0.0)
        return f"{finding.attribute}, {STAGES[finding.stage]}: {rate_words(worst, finding.best, broken[worst])}"
    whom = f"{finding.attribute}, {finding.group} against {finding.reference}: {measure_name(finding.measure)}"
    if isinstance(finding, Comparison):
        pairs = finding.result
        size = _between(finding.measure, pairs.mean, pairs.low, pairs.high, currency)
        return f"{whom} {size} on average; {pairs.differing:,} of {pairs.pairs:,} differ, {sure_words(finding.q)}"
    people = finding.result
    where = f"inside {counted(people.cells, 'cell')}" if finding.within else "among people of one language"
    size = _between(finding.measure, people.difference, people.low, people.high, currency)
    return f"{whom} {size} {where}; {people.people:,} and {people.others:,} people, {sure_words(finding.q)}"


def _between(measure: str, mean: float, low: float, high: float, currency: str) -> str:
    size, least, most = (amount_words(measure, amount, currency) for amount in (mean, low, high))
    return f"{size} ({least} to {most})"


def rate_words(group: str, best: str, ratio: RateRatio) -> str:
    """Two selection rates and their ratio."""
    text = (
        f"{group} {ratio.selected:,} of {ratio.eligible:,}, {best} {ratio.best_selected:,} of {ratio.best_eligible:,}"
    )
    if ratio.ratio is None or ratio.low is None or ratio.high is None:
        return f"{text}: no ratio"
    return f"{text}: ratio {ratio.ratio:.2f} ({ratio.low:.2f} to {ratio.high:.2f}), {STANDINGS[ratio.standing]}"


def amount_words(measure: str, amount: float, currency: str) -> str:
    """A difference in a measure's own unit, signed."""
    if measure in ("offer_price", "offer_total"):
        exponent = exponent_of(currency)
        return ("+" if amount > 0 else "") + money(amount / 10**exponent, currency)
    if measure == "discount":
        return f"{amount:+.2f} points"
    if measure in ("written_to", "fallback", "warm_tone", "price_tier"):
        return f"{amount * 100:+.1f} points"
    return f"{amount:+.2f}" if measure != "length" else f"{amount:+.1f} characters"


def sure_words(q: float | None) -> str:
    """How sure a difference is, after all the other tests."""
    if q is None:
        return "not tested"
    return "adjusted p below 0.001" if q < 0.001 else f"adjusted p {q:.3f}"


def doors_sentence(audit: BiasAudit) -> str:
    """Which attributes reach a message, and how."""
    reached = [a.attribute.name for a in audit.attributes if a.passage.differing]
    if not reached:
        return f"None of {counted(len(audit.attributes), 'attribute')} changes a message."
    only_slot = [a for a in audit.attributes if a.passage.differing and set(a.passage.doors) == {"slot"}]
    change = f"{len(reached)} {'changes' if len(reached) == 1 else 'change'} a message: {', '.join(reached)}"
    text = f"Of {counted(len(audit.attributes), 'attribute')}, {change}"
    return text + ("; only as a printed value." if len(only_slot) == len(reached) else ".")


def withheld_sentence(audit: BiasAudit) -> str:
    """What consent kept out, and that it made no difference, or did."""
    silent = sum(a.passage.unread + a.passage.withheld + a.denied.unread + a.denied.withheld for a in audit.attributes)
    leaked = sum(a.passage.leaked + a.denied.leaked for a in audit.attributes)
    if leaked:
        return f"In {counted(leaked, 'pair')} of {silent:,} an attribute that must not be read made a difference."
    return f"Where an attribute is withheld, or read by nothing, it made no difference: 0 of {counted(silent, 'pair')}."


def swaps_sentence(attributes: Sequence[AttributeAudit], what: str) -> str:
    """The findings among some attributes' comparisons."""
    tests = sum(1 for a in attributes for c in a.comparisons if c.q is not None)
    found = sum(len(a.findings) for a in attributes)
    looked = counted(sum(len(a.comparisons) for a in attributes), "comparison")
    if found:
        return f"{counted(found, 'difference')} by {what} should be looked at, of {looked}."
    if not tests:
        return f"By {what}, nothing that is measured differs in any of {looked}."
    return f"By {what}, none of {looked} gives a difference to look at."


def rates_sentence(rates: Sequence[SelectionRates]) -> str:
    """The selection rates, all groups together."""
    ratios = [ratio for each in rates for ratio in each.groups.values()]
    if not ratios:
        return "No two groups of real people can be told apart, so that no selection rates are compared."
    broken = sum(ratio.standing == "broken" for ratio in ratios)
    unsure = sum(ratio.standing in ("open", "too_few") for ratio in ratios)
    if broken:
        are = "is" if broken == 1 else "are"
        return (
            f"{broken:,} of {counted(len(ratios), 'group')} {are} selected less than four fifths as often as the best."
        )
    if unsure == len(ratios):
        return "Groups are too small to settle whether each is selected at least four fifths as often as the best one."
    text = "No group is surely selected less than four fifths as often as the best one"
    return f"{text}; {unsure:,} of {len(ratios):,} cannot be settled." if unsure else f"{text}."


def delivered_sentence(comparisons: Sequence[DeliveredComparison]) -> str:
    """The comparisons of delivered messages, all together."""
    tested = [each for each in comparisons if each.q is not None]
    found = sum(each.flagged for each in comparisons)
    if not tested:
        return "No two groups of real people are large enough for what they were given to be compared."
    if found:
        return f"{counted(found, 'difference')} in what was delivered should be looked at, of {len(tested):,} tests."
    return f"What was delivered does not differ by group in a way to look at: {counted(len(tested), 'test')}."
