"""The made-up comparison, credit and lifetime value agree with themselves."""

from tailorbird.testing.comparisons import example_attribution, example_comparison, example_lifetime


def test_what_the_rule_says_follows_from_the_metrics() -> None:
    found = example_comparison()
    assert found.verdict.kind == "ship"
    assert all(result.effect.excludes_zero for result in found.results if result.ruling == "better" and result.effect)
    assert all(result.why for result in found.results if result.effect is None)


def test_credit_and_untouched_orders_are_all_orders() -> None:
    found = example_attribution()
    for rule in ("last_touch", "removal"):
        assert round(sum(getattr(row, rule) for row in found.rows)) + found.untouched == found.orders


def test_the_difference_of_lifetime_value_is_that_of_the_arms() -> None:
    found = example_lifetime()
    treated, holdout = (arm.margin + (arm.to_come or 0) for arm in found.arms)
    assert found.difference is not None and abs(treated - holdout - found.difference) < 1e-9
