"""The decision rule: ship only if a success metric is better, every guardrail is not worse than its margin, nothing
deteriorated, and the split is as planned.

After Schultzberg, Ankargren and Frånberg, "Risk-aware product decisions in A/B tests with multiple metrics" (arXiv
2402.11609). One better success metric is enough, so their alpha is shared between them; so is that of the search for
harm. All guardrails must pass, so theirs is not shared: instead each needs more power, β / (guardrails + 1), which is
the planner's affair.
"""

from collections.abc import Sequence

from tailorbird.stages.measurement.confidence_sequence import ALPHA, one_sided_factor
from tailorbird.stages.measurement.estimates import always_valid
from tailorbird.types.estimate import Estimate
from tailorbird.types.findings import RuleKind, RuleMetric, RuleVerdict


def rule_metric(
    name: str,
    found: Estimate,
    n_star: float,
    *,
    metrics: int = 1,
    successes: int = 1,
    margin: float | None = None,
    relative: bool = False,
    higher_is_better: bool = True,
    alpha: float = ALPHA,
) -> RuleMetric:
    """One metric judged: a success metric without a `margin`, a guardrail with one.

    `margin` is the harm still borne, in units of the metric, or, with `relative`, as a part of the control's value.
    `metrics` is how many metrics the rule sees in all, `successes` how many of them are success metrics.
    """
    success = margin is None
    effect = always_valid(found, n_star, alpha / successes if success else alpha)
    if effect is None or found.difference is None:
        return RuleMetric(name, None, success, higher_is_better, margin, why=found.why)
    gain = found.difference if higher_is_better else -found.difference
    borne = (margin or 0.0) * (abs(found.control) if relative else 1.0)

    def reach(level: float) -> float:
        return found.error * one_sided_factor(found.people, level, n_star)

    return RuleMetric(
        name,
        effect,
        success,
        higher_is_better,
        None if success else borne,
        better=effect.excludes_zero and gain > 0,
        worse=gain + reach(alpha / metrics) < 0,
        not_worse=not success and gain - reach(alpha) > -borne,
    )


def decide(metrics: Sequence[RuleMetric], split_ok: bool, finished: bool = False) -> RuleVerdict:
    """The verdict over all metrics. `finished`: the planned people are in, so what is not shown by now stays unshown.

    'not_yet' asks for patience, 'do_not_ship' has a reason. Raises ValueError without a success metric.
    """
    successes = [one for one in metrics if one.success]
    if not successes:
        raise ValueError("the decision rule needs a success metric")
    reasons = tuple(_reason(one) for one in metrics)
    kind, sentence = _verdict(successes, metrics, split_ok, finished)
    return RuleVerdict(kind, sentence, reasons, tuple(metrics))


def _verdict(
    successes: Sequence[RuleMetric], metrics: Sequence[RuleMetric], split_ok: bool, finished: bool
) -> tuple[RuleKind, str]:
    if not split_ok:
        return "blocked", "No decision: people did not split as planned, so no effect can be believed."
    if harmed := [one.name for one in metrics if one.worse]:
        return "do_not_ship", f"Do not ship: {_listed(harmed)} got worse."
    better = [one.name for one in successes if one.better]
    open_guards = [one.name for one in metrics if not one.success and not one.not_worse]
    if better and not open_guards:
        guards = sum(not one.success for one in metrics)
        rest = f", and no guardrail is worse than its margin ({guards} of {guards} shown)" if guards else ""
        return "ship", f"Ship: {_listed(better)} got better{rest}."
    missing = [] if better else ["no success metric is surely better"]
    if open_guards:
        missing.append(f"it is not shown that {_listed(open_guards)} stayed within the margin")
    told = " and ".join(missing)
    if finished:
        return "do_not_ship", f"Do not ship: the planned people are in, but {told}."
    return "not_yet", f"Not yet: {told}."


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _reason(one: RuleMetric) -> str:
    if one.effect is None:
        return f"{one.name}: cannot be judged: {one.why}"
    if one.worse:
        return f"{one.name}: got worse"
    if one.success:
        return f"{one.name}: {'got better' if one.better else 'no difference shown'}"
    return f"{one.name}: {'not worse than its margin' if one.not_worse else 'may be worse than its margin'}"
