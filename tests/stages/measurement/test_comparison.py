"""One arm against another, from columns of people."""

from typing import Any

import numpy as np
import pytest

from tailorbird.stages.measurement.comparison import (
    Measured,
    by_cohort,
    compare,
    concurrent,
    fixed,
    metric_estimate,
    on_exposed,
    over_weeks,
)
from tailorbird.types.effect import Effect
from tailorbird.types.metric import MetricSpec

ORDERED = MetricSpec("ordered", "Order Completed")
N = 4000


def measured(
    treated: float, control: float, spec: MetricSpec = ORDERED, role: Any = "success", **more: Any
) -> Measured:
    """Half of N people each, of whom these shares did it; whoever will is twice as likely to have done it before."""
    rng = np.random.default_rng(3)
    share = np.where(np.arange(N) < N // 2, treated, control)
    did = rng.random(N) < share
    before = rng.random(N) < np.where(did, 0.6, 0.2)
    columns = {
        "count": did.astype(float),
        "value": did * rng.lognormal(3, 0.5, N),
        "per": did.astype(float),
        "refunds": np.zeros(N),
        "count_before": before.astype(float),
        "value_before": before * 20.0,
        "day": np.where(did, rng.integers(1, 15, N), 0).astype(float),
        "age_days": np.full(N, 20.0),
    }
    return Measured(spec, role, columns, **more)


ARMS = (np.arange(N) < N // 2, np.arange(N) >= N // 2)


def test_a_clear_success_within_its_guardrails_ships() -> None:
    guard = measured(
        0.02, 0.02, MetricSpec("complaints", "Email Marked as Spam", better="less"), "guardrail", margin=0.05
    )
    found = compare("b", "a", [measured(0.3, 0.2), guard], ARMS, N)
    assert found.verdict.kind == "ship"
    assert [result.ruling for result in found.results] == ["better", "within margin"]
    assert found.results[0].estimate.kept < 1


def test_a_guardrail_that_gets_worse_stops_the_ship_however_good_the_rest_is() -> None:
    guard = measured(0.2, 0.1, MetricSpec("returns", "Order Refunded", better="less"), "guardrail", margin=0.01)
    found = compare("b", "a", [measured(0.3, 0.2), guard], ARMS, N)
    assert (found.verdict.kind, found.results[1].ruling) == ("do_not_ship", "worse")


def test_a_watched_metric_is_asked_for_no_proof_but_may_not_get_worse() -> None:
    spec = MetricSpec("tickets", "Support Ticket Opened", better="less")
    quiet = measured(0.02, 0.02, spec, "watched", margin=float("inf"))
    loud = measured(0.2, 0.1, spec, "watched", margin=float("inf"))
    assert compare("b", "a", [measured(0.3, 0.2), quiet], ARMS, N).verdict.kind == "ship"
    assert compare("b", "a", [measured(0.3, 0.2), loud], ARMS, N).verdict.kind == "do_not_ship"


def test_a_split_that_is_off_blocks_every_effect() -> None:
    found = compare("b", "a", [measured(0.3, 0.2)], ARMS, N, split_ok=False)
    assert found.verdict.kind == "blocked"
    assert found.results[0].effect is None and "split" in found.results[0].why


def test_no_conversions_are_refused_and_no_figure_is_made_up() -> None:
    found = compare("b", "a", [measured(0, 0)], ARMS, N)
    assert found.results[0].effect is None and "0 people" in found.results[0].why
    assert found.verdict.kind == "not_yet"


def test_an_arm_of_one_person_is_refused() -> None:
    lonely = (np.arange(N) == 0, np.arange(N) > 0)
    assert "1 people" in metric_estimate(measured(0.3, 0.2), *lonely).why


@pytest.mark.parametrize("kind", ["value", "ratio", "quantile"])
def test_money_is_compared_in_every_kind_and_refused_for_few(kind: Any) -> None:
    spec = MetricSpec("money", "Order Completed", kind=kind, per="Order Completed", quantile=0.9)
    assert metric_estimate(measured(0.3, 0.3, spec), *ARMS).difference is not None
    assert "from 50 people" in metric_estimate(measured(0.01, 0.01, spec), *ARMS).why


def test_what_people_did_before_makes_the_interval_narrower() -> None:
    adjusted = metric_estimate(measured(0.3, 0.2), *ARMS)
    blind = measured(0.3, 0.2)
    nothing = Measured(blind.spec, "success", {**blind.columns, "count_before": np.zeros(N)})
    assert adjusted.error < metric_estimate(nothing, *ARMS).error


def test_the_effect_on_those_reached_is_that_on_all_over_their_share() -> None:
    assert on_exposed(Effect(0.02, 0.01, 0.03, 0.001), 0.5) == Effect(0.04, 0.02, 0.06, 0.001)
    assert on_exposed(Effect(0.02, 0.01, 0.03, 0.001), 0.0) is None
    assert on_exposed(None, 0.5) is None


def test_the_ordinary_interval_is_narrower_than_the_one_that_holds_at_every_look() -> None:
    one = measured(0.3, 0.2)
    at_one_look, always = fixed(one, ARMS), compare("b", "a", [one], ARMS, N).results[0].effect
    assert at_one_look is not None and always is not None
    assert at_one_look.high - at_one_look.low < always.high - always.low


def test_cohorts_are_told_where_both_arms_have_people_of_two_values() -> None:
    half = np.where(np.arange(N) % 2 == 0, "de", "en").astype(object)
    ((name, rows),) = by_cohort(measured(0.3, 0.2), ARMS, {"locale": half, "one": np.full(N, "x", object)}, N)
    assert (name, [row.cohort for row in rows]) == ("locale", ["de", "en"])
    assert sum(row.treated_people for row in rows) == N // 2


def test_weeks_are_told_of_people_who_were_watched_for_all_of_them() -> None:
    found = over_weeks(measured(0.3, 0.2), ARMS, N)
    assert found is not None and [week.week for week in found.weeks] == [1, 2]
    young = measured(0.3, 0.2)
    young.columns["age_days"][:] = 3
    assert over_weeks(young, ARMS, N) is None


def test_an_arm_added_later_is_held_against_people_of_its_own_time() -> None:
    joined = np.where((np.arange(N) >= N // 2) & (np.arange(N) % 2 == 0), "2026-09-01", "2026-09-08").astype(object)
    masks, since = concurrent(joined, ARMS)
    assert since == "2026-09-08"
    assert (int(masks[0].sum()), int(masks[1].sum())) == (N // 2, N // 4)
    assert concurrent(np.full(N, "2026-09-01", object), ARMS)[1] == ""


@pytest.mark.slow
def test_strata_that_people_were_drawn_in_make_the_interval_narrower_and_thin_ones_are_not_used() -> None:
    rng = np.random.default_rng(8)
    gold = rng.random(N) < 0.5
    did = rng.random(N) < np.where(gold, 0.8, 0.1) + 0.05 * ARMS[0]
    blind = measured(0.3, 0.2)
    columns = {**blind.columns, "count": did.astype(float), "count_before": np.zeros(N)}
    one = Measured(ORDERED, "success", columns)
    strata = np.where(gold, "gold", "rest").astype(object)
    plain = compare("b", "a", [one], ARMS, N).results[0].estimate
    inside = compare("b", "a", [one], ARMS, N, strata=strata).results[0].estimate
    assert inside.error < 0.8 * plain.error
    assert inside.difference == pytest.approx(0.05, abs=4 * inside.error)
    lonely = np.array([f"s{n}" for n in range(N)], dtype=object)
    assert compare("b", "a", [one], ARMS, N, strata=lonely).results[0].estimate == plain


def test_a_holdout_of_three_people_is_no_comparison() -> None:
    three = (np.arange(N) >= 3, np.arange(N) < 3)
    found = compare("treatment", "holdout", [measured(0.3, 0.3)], three, N)
    assert found.results[0].effect is None and found.verdict.kind == "not_yet"
