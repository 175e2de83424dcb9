"""Past campaigns say what to expect of a campaign's lines, and say so when they cannot."""

from dataclasses import replace
from typing import Any

import pytest

from tailorbird.pipeline import creative_priors
from tailorbird.pipeline.creative_priors import expect_rates
from tailorbird.stages.learning.creative_prior import LineOutcome


def expected(opened: Any) -> tuple[dict[str, float], str]:
    return expect_rates(opened.project, opened.campaign, opened.state, opened.warehouse, opened.moment)


def test_without_past_campaigns_nothing_is_expected_and_why_is_said(opened: Any) -> None:
    rates, why = expected(opened)
    assert rates == {} and "are needed" in why


@pytest.mark.slow
def test_a_campaigns_own_outcomes_do_not_count_twice(opened: Any) -> None:
    other = replace(opened, project=replace(opened.project, campaigns={"win_back": opened.campaign}))
    assert expected(other)[1].startswith("0 lines")
    renamed = replace(opened.campaign, name="another")
    _, why = expect_rates(other.project, renamed, opened.state, opened.warehouse, opened.moment)
    assert not why.startswith("0 lines")


@pytest.mark.slow
def test_what_past_campaigns_say_is_spread_around_the_policys_rate(
    opened: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The shop's past is one campaign: the lines of many others are made up, in which questions do better.
    told = [
        LineOutcome(f"{'What about' if k % 2 else 'Here is'} the number {k} {g}{'?' if k % 2 else '.'}", f"g{g}",
                    90.0 if k % 2 else 50.0, 1000.0)
        for g in range(30) for k in range(4)
    ]  # fmt: skip
    monkeypatch.setattr(creative_priors, "_outcomes", lambda *_: told)
    rates, why = expected(opened)
    assert why == "" and set(rates) == {c.creative_id for c in opened.creatives}
    asks = [rates[c.creative_id] for c in opened.creatives if c.text.endswith("?")]
    tells = [rates[c.creative_id] for c in opened.creatives if c.text.endswith(".")]
    assert all(0 < rate < 0.5 for rate in rates.values())
    assert not asks or max(asks) > min(tells)
