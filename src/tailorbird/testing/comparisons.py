"""A comparison of arms, credit, and lifetime value with made-up numbers, for whatever shows them."""

from typing import Literal

from tailorbird.types.attribution import Attribution, CreditRow, Lifetime, LifetimeArm
from tailorbird.types.comparison import Comparison, MetricResult, Role, Ruling
from tailorbird.types.effect import Effect
from tailorbird.types.estimate import Estimate
from tailorbird.types.findings import CohortEffect, Novelty, RuleVerdict, WeekEffect
from tailorbird.types.power import PowerLeft


def example_comparison() -> Comparison:
    """Treated against held out: the metric is better, one guardrail holds, another cannot be judged."""

    def result(
        name: str, role: Role, effect: Effect | None, ruling: Ruling, margin: float | None = None
    ) -> MetricResult:
        found = Estimate(2600, 2580, effect.difference if effect else None, 0.13, 0.093, 0.006, 0.006, 0.88)
        why = "" if effect else "an arm has too few people"
        better: Literal["more", "less"] = "more" if role == "success" else "less"
        return MetricResult(name, role, "share", better, found, effect, ruling, margin, why)

    weeks = tuple(
        WeekEffect(n, 2600, 2580, Effect(lift, lift - 0.02, lift + 0.02, 0.01)) for n, lift in ((1, 0.027), (2, 0.01))
    )
    return Comparison(
        "treatment",
        "holdout",
        2600,
        2580,
        (
            result("ordered again", "success", Effect(0.037, 0.012, 0.062, 0.0004), "better"),
            result("complaints", "guardrail", Effect(0.001, -0.002, 0.004, 0.4), "within margin", 0.01),
            result("support tickets", "watched", None, "cannot be judged"),
        ),
        RuleVerdict("ship", "Ship: ordered again got better, and no guardrail is worse than its margin.", (), ()),
        exposed=0.95,
        on_exposed=Effect(0.039, 0.013, 0.065, 0.0004),
        fixed=Effect(0.037, 0.02, 0.054, 0.0001),
        cohorts=(
            (
                "locale",
                (
                    CohortEffect("en-GB", 1900, 1880, Effect(0.045, 0.012, 0.078, 0.01), 22.0, True, 31.0, True),
                    CohortEffect("de-DE", 700, 700, Effect(0.01, -0.03, 0.05, 0.6)),
                ),
            ),
        ),
        novelty=Novelty(weeks, Effect(-0.017, -0.03, -0.004, 0.02), Effect(0.01, 0.001, 0.019, 0.04), True),
        power_left=PowerLeft(5180, 6000, 0.86, 0.8, 0.028, 0.99),
    )


def example_attribution() -> Attribution:
    """Credit of two touches, beside a holdout that credits the campaign with less than half."""
    return Attribution(
        (
            CreditRow("winback", 512, 210.0, 171.5, 160.2, 7245.0, 5917.0, 2898.0, 2366.8, own=True),
            CreditRow("google / cpc / teapots", 340, 96.0, 134.5, 145.8, 3312.0, 4640.0, 1324.8, 1856.0),
        ),
        578,
        272,
        30,
        0,
        96.1,
        30.2,
        162.0,
        96.1 / 210.0,
        sentence="Last touch credits the campaign with 210 orders; the holdout says that it brought 96, between 30 "
        "and 162. The holdout rules.",
    )


def example_lifetime() -> Lifetime:
    """Two arms, of which the treated are worth more."""
    return Lifetime(
        (LifetimeArm("treatment", 2600, 4.4, 1.8, 21.3), LifetimeArm("holdout", 2580, 3.1, 1.2, 20.1)),
        52,
        (0.61, 9.8, 0.9, 3.1),
        6210,
        1.8,
        0.4,
        3.2,
    )
