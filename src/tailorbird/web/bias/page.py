"""The bias report's page: one HTML file with everything inside, to open, mail, print and keep on record."""

from collections.abc import Sequence
from typing import Any

from tailorbird import __version__
from tailorbird.stages.fairness.answers import DOORS, MEASURES
from tailorbird.stages.fairness.audit_result import AttributeAudit, BiasAudit, SelectionRates
from tailorbird.stages.fairness.comparisons import LEAST_PAIRS, SMALLEST, Comparison, DeliveredComparison
from tailorbird.stages.fairness.discoveries import Q
from tailorbird.stages.fairness.rate_ratio import LEAST
from tailorbird.web.bias import plots, sentences
from tailorbird.web.templates import page_templates

ROWS_MAX = 30
_PAGES = page_templates("tailorbird.web.bias")


def render_bias(audit: BiasAudit) -> str:
    """The whole page. It loads nothing from any network; all text from data is escaped."""
    protected = [each for each in audit.attributes if not each.attribute.proxy_for]
    proxies = [each for each in audit.attributes if each.attribute.proxy_for]
    return _PAGES.get_template("bias.html.j2").render(
        a=audit,
        version=__version__,
        as_of=f"{audit.as_of.day} {audit.as_of:%B %Y, %H:%M} UTC",
        verdict=sentences.verdict_sentence(audit),
        tone="bad" if audit.leaks or audit.findings else "good" if audit.contexts >= LEAST_PAIRS else "unsure",
        findings=[sentences.finding_sentence(finding, audit.currency) for finding in audit.findings],
        tiles=_tiles(audit),
        s={
            "doors": sentences.doors_sentence(audit),
            "withheld": sentences.withheld_sentence(audit),
            "protected": sentences.swaps_sentence(protected, "protected attributes and what the project reads"),
            "proxies": sentences.swaps_sentence(proxies, "proxies"),
            "rates": sentences.rates_sentence(audit.delivery.rates),
            "delivered": sentences.delivered_sentence(audit.delivery.comparisons),
        },
        attributes=[_attribute(each) for each in audit.attributes],
        doors=[(plots.DOOR_STYLES[door], door, meaning) for door, meaning in DOORS.items()],
        swaps=[(_effects(protected, audit), "protected"), (_effects(proxies, audit), "proxies")],
        rates=[_rates(each) for each in audit.delivery.rates],
        delivered=_delivered(audit.delivery.comparisons, audit.currency),
        tested=sum(each.q is not None for each in audit.delivery.comparisons),
        measures=[(sentences.measure_name(name), meaning) for name, meaning in MEASURES.items()],
        limits={"q": Q, "d": SMALLEST, "pairs": LEAST_PAIRS, "people": LEAST},
    )


def _tiles(audit: BiasAudit) -> list[tuple[str, str, str]]:
    """(label, value, small print) of the numbers at the top."""
    pairs = sum(each.passage.pairs for each in audit.attributes)
    differing = sum(each.passage.differing for each in audit.attributes)
    kept = sum(each.passage.withheld + each.denied.withheld for each in audit.attributes)
    leaked = sum(each.passage.leaked + each.denied.leaked for each in audit.attributes)
    return [
        ("Contexts", f"{audit.contexts:,}", f"of {audit.audience:,} people who could be written to"),
        ("Pairs of personas", f"{pairs:,}", f"{differing:,} differ in at least one byte"),
        ("Withheld by consent", f"{kept:,}", f"{leaked:,} pairs that differ all the same"),
        ("To look at", f"{len(audit.findings):,}", f"{audit.delivery.messages:,} delivered messages compared as well"),
    ]


def _attribute(audited: AttributeAudit) -> dict[str, Any]:
    passage, attribute = audited.passage, audited.attribute
    total = passage.pairs or 1
    parts = [(count / total, plots.DOOR_STYLES[door]) for door, count in passage.doors.items()]
    where = f"trait {attribute.trait}" if attribute.trait is not None else f"feature {attribute.feature}"
    return {
        "name": attribute.name,
        "where": where,
        "proxy": attribute.proxy_for,
        "why": attribute.why,
        "sentence": sentences.attribute_sentence(audited),
        "bar": plots.door_bar(parts, f"{attribute.name}: {sentences.attribute_sentence(audited)}"),
        "share": f"{passage.differing / total:.0%}",
        "read_by": ", ".join(passage.read_by) or "nothing",
        "passage": passage,
        "denied": audited.denied,
        "reference": audited.reference,
        "samples": audited.samples,
        "groups": [
            (group, ", ".join(map(str, values)), audited.seen.get(group, 0))
            for group, values in attribute.groups.items()
        ],
    }


def _effects(attributes: Sequence[AttributeAudit], audit: BiasAudit) -> dict[str, Any]:
    """The comparisons in which anything differs, findings first, then the largest."""
    moved = [each for audited in attributes for each in audited.comparisons if each.result.differing]
    ordered = sorted(moved, key=lambda each: (not each.flagged, -abs(each.result.d)))
    return {
        "rows": [_effect(each, audit.currency) for each in ordered[:ROWS_MAX]],
        "left": max(len(ordered) - ROWS_MAX, 0),
        "same": sum(len(audited.comparisons) for audited in attributes) - len(moved),
    }


def _effect(each: Comparison, currency: str) -> dict[str, Any]:
    result = each.result
    d, low, high = plots.standardised(result.mean, result.low, result.high, result.d)
    size = sentences.amount_words(each.measure, result.mean, currency)
    name = f"{each.attribute}: {each.group} against {each.reference}, {sentences.measure_name(each.measure)} {size}"
    return {
        "who": f"{each.attribute}: {each.group}",
        "against": each.reference,
        "measure": sentences.measure_name(each.measure),
        "size": size,
        "strip": plots.effect_strip(d, low, high, each.flagged, name),
        "sure": _standing(each),
        "differing": f"{result.differing:,} of {result.pairs:,}",
        "flagged": each.flagged,
    }


def _standing(each: Comparison | DeliveredComparison) -> str:
    if each.reason == "too_few":
        return "too few to say"
    if each.reason == "offer":
        return "an offer differs"
    return sentences.sure_words(each.q)


def _rates(rates: SelectionRates) -> dict[str, Any]:
    return {
        "title": f"{rates.attribute}, {sentences.STAGES[rates.stage]}",
        "best": rates.best,
        "proxy": rates.proxy_for,
        "rows": [
            {
                "group": group,
                "strip": plots.ratio_strip(ratio, sentences.rate_words(group, rates.best, ratio)),
                "ratio": "–" if ratio.ratio is None else f"{ratio.ratio:.2f}",
                "standing": sentences.STANDINGS[ratio.standing],
                "counts": f"{ratio.selected:,} of {ratio.eligible:,}; best {ratio.best_selected:,} of "
                f"{ratio.best_eligible:,}",
            }
            for group, ratio in rates.groups.items()
        ],
    }


def _delivered(comparisons: Sequence[DeliveredComparison], currency: str) -> dict[str, Any]:
    """The tested comparisons of deliveries, findings first, then the surest."""
    tested = [each for each in comparisons if each.q is not None]
    ordered = sorted(tested, key=lambda each: (not each.flagged, each.q or 0.0, -abs(each.result.d)))
    rows = []
    for each in ordered[:ROWS_MAX]:
        result = each.result
        d, low, high = plots.standardised(result.difference, result.low, result.high, result.d)
        size = sentences.amount_words(each.measure, result.difference, currency)
        rows.append(
            {
                "who": f"{each.attribute}: {each.group}",
                "against": each.reference,
                "measure": sentences.measure_name(each.measure),
                "where": "inside cells" if each.within else "over all cells",
                "size": size,
                "strip": plots.effect_strip(d, low, high, each.flagged, f"{each.attribute}, {each.group}: {size}"),
                "sure": _standing(each),
                "people": f"{result.people:,} and {result.others:,}",
                "flagged": each.flagged,
            }
        )
    return {"rows": rows, "left": max(len(tested) - ROWS_MAX, 0), "untested": len(comparisons) - len(tested)}
