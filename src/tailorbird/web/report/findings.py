"""What stands beside the effect, as rows for the page: the decision, cohorts, weeks, credit, and lifetime value."""

from collections.abc import Sequence
from typing import Any

from tailorbird.types.comparison import Comparison, MetricResult
from tailorbird.types.effect import Effect
from tailorbird.types.findings import CohortEffect, RuleKind
from tailorbird.types.readout import Readout
from tailorbird.web.report import plots
from tailorbird.web.report.effect_plots import difference_strip, reach_of
from tailorbird.web.report.sentences import money, p_words

ROLES = {"success": "should get better", "guardrail": "must not get worse", "watched": "watched"}
_ROWS_MAX = 12
NEXT: dict[RuleKind, str] = {
    "ship": "go on with it, and keep some people held out, so that you see when it wears off.",
    "not_yet": "let it run. Looking again costs nothing; the bars get narrower with more people and days.",
    "do_not_ship": "leave it, or change it and test the change.",
    "blocked": "find out why people are missing from an arm; until then no figure here is worth anything.",
}
"""What to do, by the verdict: for who has no statistician."""


def comparisons(readout: Readout) -> list[dict[str, Any]]:
    """Each comparison: its sentence, its metrics with their strips, and the statistician's words."""
    return [_comparison(one, readout) for one in readout.comparisons]


def arm_name(name: str) -> str:
    """An arm in words: 'everybody treated', 'the held out', or the variant's name in quotes."""
    return {"treatment": "everybody treated", "holdout": "the held out"}.get(name, f"“{name}”")


def _comparison(one: Comparison, readout: Readout) -> dict[str, Any]:
    return {
        "title": f"{arm_name(one.arm)} against {arm_name(one.control)}",
        "kind": one.verdict.kind,
        "sentence": one.verdict.sentence,
        "next": NEXT[one.verdict.kind],
        "metrics": [_metric(result, readout.currency) for result in one.results],
        "words": words_of(one, readout.currency),
        "cohorts": [_cohorts(name, rows) for name, rows in one.cohorts],
        "cohort_sentence": _cohort_sentence(one),
        "weeks": _weeks(one),
        "week_sentence": week_sentence(one),
    }


def shown(result: MetricResult, value: float, currency: str, signed: bool = False) -> str:
    """A value of a metric: points or per cent of people for shares, else money."""
    if result.kind == "share" or result.role == "watched":
        return f"{value * 100:+.2f} points" if signed else f"{value:.2%}"
    return ("+" if signed and value > 0 else "") + money(value, currency)


def _metric(result: MetricResult, currency: str) -> dict[str, Any]:
    effect = result.effect
    worst = None
    if result.margin is not None:
        worst = result.margin if result.better == "less" else -result.margin
    reach = reach_of([effect] if effect else [], worst or 0.0)
    if effect is None:
        told, name = f"not known: {result.why}", f"{result.name}: not known"
    else:
        told = f"{shown(result, effect.low, currency, True)} to {shown(result, effect.high, currency, True)}"
        name = f"{result.name}: {shown(result, effect.difference, currency, True)}, between {told}"
    return {
        "name": result.name,
        "role": ROLES[result.role],
        "ruling": ruling_words(result),
        "style": {"better": "good", "worse": "bad"}.get(result.ruling, ""),
        "difference": shown(result, effect.difference, currency, True) if effect else "–",
        "between": told,
        "treated": shown(result, result.estimate.treated, currency) if effect else "–",
        "control": shown(result, result.estimate.control, currency) if effect else "–",
        "strip": difference_strip(effect, reach, name, worst),
    }


def ruling_words(result: MetricResult) -> str:
    """What the rule says of one metric."""
    if result.ruling == "not shown":
        return "no harm shown" if result.role == "watched" else "not shown yet"
    return {"better": "better", "worse": "got worse", "within margin": "within its margin"}.get(
        result.ruling, "cannot be judged"
    )


def words_of(one: Comparison, currency: str) -> list[str]:
    """What a statistician asks of a comparison, in sentences."""
    own = one.results[0]
    words = []
    if one.since:
        words.append(
            f"One of the two arms began on {one.since}: only people who came from that day on are compared, since the "
            "others met another season."
        )
    if own.effect is not None:
        words.append(f"{own.name}: always-valid {p_words(own.effect.p)}.")
        goals = sum(result.role == "success" for result in one.results)
        if goals > 1:
            words.append(f"Any of {goals} metrics may make it a success, so their bars are wider: they share the risk.")
        if own.estimate.kept < 0.995:
            saved = 1 - own.estimate.kept
            words.append(
                f"What people did before the decision explains {saved:.0%} of the variance, which was taken out."
            )
    if one.fixed is not None:
        low, high = (shown(own, bound, currency, True) for bound in (one.fixed.low, one.fixed.high))
        words.append(f"An ordinary interval, true for one look only: {low} to {high}.")
    if one.control == "holdout":
        words.append(f"{one.exposed:.1%} of the treated were reached by a message.")
        if one.on_exposed is not None and one.exposed < 0.995:
            reached = shown(own, one.on_exposed.difference, currency, True)
            words.append(f"On those alone the effect is {reached}, if what did not arrive changed nothing.")
    return [*words, *_power(one)]


def _power(one: Comparison) -> list[str]:
    left = one.power_left
    if left is None or left.smallest_effect is None:
        return []
    least = f"The planned {left.planned:,} people can show {left.smallest_effect * 100:.2f} points or more, in "
    words = [f"{least}{left.power:.0%} of such experiments."]
    if left.done < 1 and left.chance is not None:
        words.append(
            f"{left.done:.0%} of them are in: if the effect is what it looks like, the rest will show it with a "
            f"probability of {left.chance:.0%}."
        )
    return words


def _row(name: str, small: str, effect: Effect | None, reach: float, why: str, style: str = "") -> dict[str, Any]:
    told = f"{effect.low * 100:+.1f} to {effect.high * 100:+.1f}" if effect else why
    return {
        "name": name,
        "small": small,
        "difference": f"{effect.difference * 100:+.1f}" if effect else "–",
        "between": told,
        "style": style,
        "strip": difference_strip(effect, reach, f"{name}: {told}"),
    }


def _cohorts(name: str, rows: Sequence[CohortEffect]) -> dict[str, Any]:
    some = sorted(rows, key=lambda row: -(row.treated_people + row.control_people))[:_ROWS_MAX]
    reach = reach_of([row.effect for row in some if row.effect])
    return {
        "name": name,
        "rows": [
            _row(
                row.cohort or "(none)",
                f"{row.treated_people:,} and {row.control_people:,} people",
                row.effect,
                reach,
                row.why,
                "good" if row.differs else "",
            )
            for row in some
        ],
    }


def _cohort_sentence(one: Comparison) -> str:
    rows = [(name, row) for name, group in one.cohorts for row in group]
    different = [f"{row.cohort} ({name})" for name, row in rows if row.differs]
    if different:
        return f"It works differently for {' and '.join(different)} than for the others."
    return "It works the same for everybody, as far as these people can tell."


def _weeks(one: Comparison) -> list[dict[str, Any]]:
    if one.novelty is None:
        return []
    reach = reach_of([week.effect for week in one.novelty.weeks if week.effect])
    rows = []
    for week in one.novelty.weeks:
        small = f"{week.treated_people:,} and {week.control_people:,} people"
        rows.append(_row(f"Week {week.week}", small, week.effect, reach, week.why))
    return rows


def week_sentence(one: Comparison) -> str:
    """Whether the effect wears off."""
    found = one.novelty
    if found is None or found.slope is None:
        return "Whether the effect wears off cannot be told yet."
    if found.wears_off:
        return "The effect wears off: decide on the weeks after the first."
    return "Nothing says that the effect wears off." if found.weeks[0].effect else "There is no effect to wear off."


def credit(readout: Readout) -> dict[str, Any] | None:
    """The table of credit by rule, with the holdout's answer beside it; None where orders were not credited."""
    found = readout.attribution
    if found is None:
        return None
    most = max((max(row.last_touch, row.removal) for row in found.rows), default=0.0) or 1.0
    return {
        "sentence": found.sentence,
        "rows": [
            {
                "row": row,
                "bar": plots.bar(
                    [(row.removal / most, "treatment")], f"{row.label}: {row.removal:,.0f} orders by removal effect"
                ),
                "value": money(row.value_removal, readout.currency),
                "margin": money(row.margin_removal, readout.currency),
            }
            for row in found.rows[:_ROWS_MAX]
        ],
        "left": max(len(found.rows) - _ROWS_MAX, 0),
    }


def worth(readout: Readout) -> dict[str, Any] | None:
    """Revenue, margin and lifetime value per person of each arm; None where they were not computed."""
    found = readout.lifetime
    if found is None or not found.arms:
        return None
    rows = [
        (
            "treated" if arm.arm == "treatment" else "held out",
            money(arm.revenue, readout.currency),
            money(arm.margin, readout.currency),
            "not known" if arm.to_come is None else money(arm.to_come, readout.currency),
        )
        for arm in found.arms
    ]
    return {"sentence": worth_sentence(readout), "rows": rows}


def worth_sentence(readout: Readout) -> str:
    """What a person is worth, and whether the messages changed it."""
    found = readout.lifetime
    if found is None or found.difference is None or found.low is None or found.high is None:
        why = f": {found.why}" if found and found.why else ""
        return f"What people will still bring cannot be compared{why}."
    low, high = (money(bound, readout.currency) for bound in (found.low, found.high))
    if found.low <= 0 <= found.high:
        between = f"the difference lies between {low} and {high}"
        return f"Over a year a treated person may be worth as much as a held-out one: {between}."
    more = "more" if found.difference > 0 else "less"
    amount = money(abs(found.difference), readout.currency)
    return f"Over a year a treated person is worth {amount} {more} than a held-out one (between {low} and {high})."
