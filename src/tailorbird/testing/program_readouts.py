"""Whole read-outs of a program with made-up numbers: to try a page, or whatever reads one."""

from datetime import UTC, datetime, timedelta

import numpy as np

from tailorbird.stages.measurement.program import arm_counts, judge_program, program_metrics
from tailorbird.stages.measurement.program_sql import PERIOD_COLUMNS
from tailorbird.stages.measurement.srm_watch import check_split
from tailorbird.types.program import HeldShare, ProgramReadout
from tailorbird.types.split_check import SplitCell

BEGAN = datetime(2026, 6, 1, tzinfo=UTC)


def example_program(people: int = 4000, lift: float = 0.8, held: float = 0.2, seed: int = 5) -> ProgramReadout:
    """A quarter of a program in which whoever could be written to ordered `lift` times as much more."""
    rng = np.random.default_rng(seed)
    out, own = rng.random(people) < held, rng.gamma(1.0, 0.3, people)
    columns = {name: np.zeros(people) for name in PERIOD_COLUMNS}
    columns["orders"] = rng.poisson(own * np.where(out, 1, 1 + lift)).astype(float)
    columns["count_before"] = rng.poisson(own * 5).astype(float)
    columns["revenue"] = columns["orders"] * 20.0
    columns["margin"] = columns["orders"] * 8.0
    columns["sent"] = (~out).astype(float)
    columns["unsubscribed"] = (~out & (rng.random(people) < 0.02)).astype(float)
    masks = ~out, out
    sides = arm_counts("program", columns, masks[0], True), arm_counts("held", columns, masks[1], True)
    metrics = program_metrics(columns, [f"p{n}" for n in range(people)], masks, float(people), True)
    verdict, sentence = judge_program(metrics, sides)
    cell = SplitCell("2026-06-01", (sides[0].people, sides[1].people), (1 - held, held), {"locale": "en"})
    split = check_split("global", ("the program", "held out"), [cell], True)
    shares = (HeldShare(held, BEGAN, True),)
    return ProgramReadout(
        BEGAN, BEGAN, BEGAN + timedelta(days=91), ("replenish", "win_back"), "Order Completed", "GBP", sides[0],
        sides[1], split, shares, verdict, sentence, metrics, n_star=float(people),
    )  # fmt: skip
