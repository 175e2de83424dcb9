"""Whole read-outs with made-up numbers: to try a report, or whatever reads one, without running a campaign."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from tailorbird.stages.measurement.readout import read_out
from tailorbird.stages.measurement.strata import LineStratum
from tailorbird.stages.measurement.tables import rate_rows, tag_counts
from tailorbird.testing.comparisons import example_attribution, example_comparison, example_lifetime
from tailorbird.types.campaign import BriefSpec, Campaign, MetricSpec
from tailorbird.types.readout import CountRow, FunnelStep, Readout, Rejected, SameForAll, Work

UNTIL = datetime(2026, 9, 30, 12, tzinfo=UTC)


def example_campaign(holdout: float = 0.5, window_days: int = 14) -> Campaign:
    """A win-back campaign with one metric: an order within the window."""
    metric = MetricSpec("ordered again", "Order Completed", window_days)
    hypothesis = "People who bought twice and then went quiet come back for what goes with their last purchase."
    return Campaign("winback", {}, hypothesis, metric, "lapsed", "mail", {}, BriefSpec(), holdout=holdout)


def example_outcomes(
    treated: int, treated_orders: int, holdout: int, holdout_orders: int, days: int = 14, value: float = 10.0
) -> dict[str, list[Any]]:
    """Outcome columns with exactly these counts: orders fall on days 1 to `days`, earlier days more often."""
    rng = np.random.default_rng(treated + 7 * holdout)
    day: list[int | None] = [None] * (treated + holdout)
    for start, orders in ((0, treated_orders), (treated, holdout_orders)):
        drawn = 1 + np.minimum((rng.exponential(days / 3, orders)).astype(int), days - 1)
        day[start : start + orders] = [int(one) for one in drawn]
    n = len(day)
    clicked = [int(i < treated and one is not None and i % 3 != 0) for i, one in enumerate(day)]
    return {
        "arm": ["treatment"] * treated + ["holdout"] * holdout,
        "exposed": [1] * treated + [0] * holdout,
        "clicked": clicked,
        "unsubscribed": [int(i < treated and i % 211 == 7) for i in range(n)],
        "conversion_day": day,
        "attributed": clicked,
        "refunded": [0] * n,
        "value": [0.0 if one is None else value for one in day],
        "open_window": [0] * n,
        "age_days": [days + 16] * n,
    }


def example_work() -> Work:
    """What a small campaign with a model takes."""
    examples = (
        Rejected("Your kettle is back for only £9.99", "headline", "en-GB", "£9.99 is no fact of this item", (29, 34)),
        Rejected("The best teapot in the world", "subject", "en-GB", "'best' is a claim without evidence", (4, 8)),
        Rejected("Dein Wasserkocher wartet schon", "headline", "de-DE", "Dein: the voice says Sie", (0, 4)),
        Rejected("<script>alert(1)</script> just for you", "subject", "en-GB", "markup in a line of text", (0, 25)),
    )
    return Work(
        messages=2600,
        sent=2598,
        failed=2,
        model_calls=24,
        cached=3,
        lines_written=61,
        lines_passed=22,
        lines_accepted=14,
        cpu_seconds=171.4,
        cost_micros=1_904,
        delivery_seconds=9.4,
        briefs=31,
        people_default=812,
        people_specific=1788,
        lines_by_locale={"en-GB": (40, 17), "de-DE": (21, 5)},
        rungs={
            "subject": {"model": 1492, "approved": 1108},
            "headline": {"model": 1310, "approved": 1192, "template": 98},
            "body": {"approved": 2600},
            "cta": {"approved": 2411, "template": 189},
        },
        rejected_by_reason={"unknown_literal": 17, "unknown_word": 12, "disallowed_phrase": 6, "too_long": 4},
        rejected_examples=examples,
    )


def example_counts(blocks: Mapping[str, Sequence[str]], people: int, seed: int = 5) -> list[CountRow]:
    """Counts for lines of text by block: about `people` exposures a block, conversions around one in eight."""
    rng = np.random.default_rng(seed)
    rows = []
    for block, texts in blocks.items():
        shares = rng.dirichlet(np.full(len(texts), 2.0))
        for i, (text, share) in enumerate(zip(texts, shares, strict=True)):
            n = round(people * float(share))
            clicks, orders = int(rng.binomial(n, 0.18)), int(rng.binomial(n, 0.11 + 0.03 * (i % 2)))
            tags = {"tone": ("warm", "plain", "playful")[i % 3], "format": ("question", "statement")[i % 2]}
            rung = ("model", "approved")[(i // 2) % 2]
            rows.append(CountRow(f"{block}-{i}", block, n, clicks, orders, rung, text, tags))
    return rows


def example_readout(simulated: bool = True, planted: str = "") -> Readout:
    """A complete read-out with a real effect, every table filled, ready for a page."""
    texts = {
        "subject": [
            "Still enjoying your {{ last_item.short_name }}?",
            "Something to go with your {{ last_item.short_name }}",
            "{{ item.short_name }}: made to last",
            "A quiet corner for the {{ item.short_name }}",
            "We kept one {{ item.short_name }} for you",
        ],
        "headline": [
            "The {{ item.name }} in {{ item.material }}",
            "Good with what you have",
            "{{ item.material }}, {{ item.size }}",
        ],
    }
    counted = example_counts(texts, 2600)
    strata = [LineStratum(c.block, c.key, ("1", "everyone"), c.exposures, c.clicks, c.conversions) for c in counted]
    tagged, tag_strata = tag_counts(counted, strata)
    readout = read_out(example_campaign(), example_outcomes(2600, 338, 2580, 240, value=34.5), UNTIL, "GBP")
    return replace(
        readout,
        creatives=rate_rows(counted, strata, readout.n_star),
        tags=rate_rows(tagged, tag_strata, readout.n_star),
        same_for_all=(
            SameForAll("subject", texts["subject"][0], 0.131, 0.118, 1420.0, -0.024, -0.002),
            SameForAll("headline", texts["headline"][1], 0.131, None, 140.0, why="140 effective people saw it"),
        ),
        work=example_work(),
        funnel=(
            FunnelStep("Known", 9120, "people in the data"),
            FunnelStep("In the audience", 5702, "the campaign's rule holds"),
            FunnelStep("May be written to", 5180, "consent, an address, no opt-out, under the cap"),
            FunnelStep("Treated", 2600, "the other 2,580 are held out and got nothing"),
            FunnelStep("Sent to", 2598, "people whose message was handed to the channel"),
            FunnelStep("Clicked", readout.treated.clicked, "a person's click, machines left out"),
            FunnelStep("Converted", readout.treated.conversions, "with or without a click"),
        ),
        machine_clicks=37,
        comparisons=(example_comparison(),),
        attribution=example_attribution(),
        lifetime=example_lifetime(),
        data_checks=("2 orders were told of more than once, and counted once.",),
        simulated=simulated,
        planted=planted,
    )
