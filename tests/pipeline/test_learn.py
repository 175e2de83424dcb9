"""Publishing what was learned."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from tailorbird.adapters.sql.database import open_file
from tailorbird.adapters.sql.posteriors import SqlPosteriorStore
from tailorbird.pipeline.learn import learn_policy
from tailorbird.stages.decisions.slate import CreativeCatalog, PeopleRows, decide_many
from tailorbird.stages.learning.posteriors import learn, policy_version
from tailorbird.stages.measurement.strata import LineStratum
from tailorbird.stages.measurement.tables import creative_counts, rate_rows
from tailorbird.testing.readouts import example_campaign, example_readout
from tailorbird.types.campaign import BlockSpec, PolicySpec
from tailorbird.types.creative import Creative
from tailorbird.types.recommendation import ItemChoice


@pytest.fixture
def posteriors(tmp_path: Path) -> SqlPosteriorStore:
    return SqlPosteriorStore(open_file(tmp_path / "state.db"))


def test_the_next_run_reads_what_the_outcomes_said(posteriors: SqlPosteriorStore) -> None:
    readout = example_readout()
    said = learn_policy(example_campaign(), readout, posteriors)
    version, arms = posteriors.read("winback")
    assert (said["version"], said["previous"], said["changed"]) == (version, "prior", True)
    first = readout.creatives[0]
    rate = first.conversions
    assert arms[first.counts.key] == pytest.approx((rate.observed, rate.expected / rate.mean))
    assert said["arms"] == len(arms) == len(readout.creatives)


def test_learning_twice_from_the_same_outcomes_changes_nothing(posteriors: SqlPosteriorStore) -> None:
    learn_policy(example_campaign(), example_readout(), posteriors)
    again = learn_policy(example_campaign(), example_readout(), posteriors)
    assert again["changed"] is False
    assert again["version"] == again["previous"]


def test_clicks_are_learned_where_the_campaign_rewards_clicks(posteriors: SqlPosteriorStore) -> None:
    campaign = replace(example_campaign(), policy=PolicySpec(reward="click"))
    readout = example_readout()
    learn_policy(campaign, readout, posteriors)
    first = readout.creatives[0].counts
    assert posteriors.read("winback")[1][first.key][0] == first.clicks


def test_a_blocked_readout_teaches_nothing(posteriors: SqlPosteriorStore) -> None:
    said = learn_policy(example_campaign(), replace(example_readout(), verdict="blocked"), posteriors)
    assert (said["changed"], posteriors.read("winback")) == (False, ("prior", {}))


def test_no_lines_teach_nothing(posteriors: SqlPosteriorStore) -> None:
    said = learn_policy(example_campaign(), replace(example_readout(), creatives=()), posteriors)
    assert (said["version"], said["arms"]) == ("prior", 0)


class Loop:
    """Step after step with the real decisions and the real learning; people of `cells` answer as `rate` says."""

    def __init__(
        self, lines: Sequence[Creative], cells: Sequence[str], rate: Callable[[str, str], float], policy: PolicySpec
    ) -> None:
        subjects = {line.brief_id: line.brief_id.removeprefix("b_") for line in lines if line.brief_id}
        self.catalog = CreativeCatalog.build(lines, subjects)
        self.campaign = replace(example_campaign(), blocks={"subject": BlockSpec(60)}, policy=policy)
        self.cells, self.rate, self.rng = cells, rate, np.random.default_rng(4)
        self.strata: list[LineStratum] = []
        self.arms: Mapping[str, tuple[float, float]] = {}

    def step(self, number: int, people: int, seen_so_far: float = 1.0) -> Counter[tuple[str, str]]:
        """One step for `people` of each cell; how often each (cell, line) was shown. `seen_so_far` is the share of
        the conversions that has been seen when the next step learns."""
        subjects = [cell for cell in self.cells for _ in range(people)]
        n, none = len(subjects), frozenset[str]()
        rows = PeopleRows(
            [f"p{i}" for i in range(n)], subjects, ["en-GB"] * n, [none] * n, [""] * n, [""] * n, [""] * n
        )
        nothing = np.zeros((n, 0), dtype=np.int64)
        decided = decide_many(
            rows, ItemChoice(nothing, np.zeros((n, 0)), nothing), [], self.catalog, {}, self.arms,
            policy_version(self.arms), replace(self.campaign, step=str(number)), "shop",
            datetime(2026, 6, 1, tzinfo=UTC) + timedelta(days=number), "",
        )  # fmt: skip
        shown: Counter[tuple[str, str]] = Counter()
        orders: Counter[tuple[str, str]] = Counter()
        for cell, one in zip(subjects, decided, strict=True):
            key = (cell, str(one.slate[0].creative_id))
            shown[key] += 1
            orders[key] += bool(self.rng.random() < self.rate(*key) * seen_so_far)
        self.strata += [
            LineStratum("subject", line, (str(number), cell), count, 0, orders[cell, line])
            for (cell, line), count in shown.items()
        ]
        self.arms = learn(rate_rows(creative_counts(self.strata, {}), self.strata, 10_000), "conversion")
        return shown


def a_line(name: str, cell: str = "") -> Creative:
    brief = f"b_{cell}" if cell else ""
    return Creative(
        name, brief, "winback", "subject", "en-GB", "Hello", "approved", "h", approval="approved", approved_hash="h"
    )


@pytest.mark.slow
def test_a_line_is_judged_by_what_it_adds_in_its_cell_and_not_by_how_much_the_cell_buys() -> None:
    """The poor cell's own line is two points better than the others there, the rich cell's two points worse."""
    lines = [a_line("poor-own", "poor"), a_line("rich-own", "rich"), *(a_line(f"all-{i}") for i in range(3))]
    base = {"poor": 0.04, "rich": 0.14}
    extra = {"poor-own": 0.02, "rich-own": -0.02}
    loop = Loop(lines, ["poor", "rich"], lambda cell, line: base[cell] + extra.get(line, 0.0), PolicySpec())
    loop.step(1, 6000)
    loop.step(2, 6000)
    shown = loop.step(3, 6000)
    assert shown["poor", "poor-own"] / 6000 > 0.6
    assert shown["rich", "rich-own"] / 6000 < 0.1


@pytest.mark.slow
@pytest.mark.parametrize("prior_mean", [0.03, 0.1])
def test_where_people_order_without_any_message_too_every_line_is_tried_and_the_best_one_found(
    prior_mean: float,
) -> None:
    lines = [a_line(f"l{i:02}") for i in range(12)]
    policy = PolicySpec(arms_max=4, prior_mean=prior_mean)
    loop = Loop(lines, ["all"], lambda cell, line: 0.15 if line == "l07" else 0.10, policy)
    tried: set[str] = set()
    for number in range(1, 13):
        shown = loop.step(number, 2000)
        tried |= {line for _, line in shown}
    assert len(tried) == 12
    assert shown["all", "l07"] / 2000 > 0.6


@pytest.mark.slow
def test_a_line_whose_outcomes_have_hardly_begun_is_not_favoured_for_being_young() -> None:
    """The old line (10 %) against one of 8 % that came a day ago, when three in ten of its orders had been made."""
    old, new = a_line("old"), a_line("new")
    loop = Loop([old, a_line("other")], ["all"], lambda cell, line: 0.10 if line != "new" else 0.08, PolicySpec())
    loop.step(1, 2000)
    loop.catalog = CreativeCatalog.build([old, a_line("other"), new], {})
    loop.step(2, 1500, seen_so_far=0.3)
    shown = loop.step(3, 2000)
    assert shown["all", "new"] / 2000 < 0.45
