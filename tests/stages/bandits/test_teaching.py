"""From exposures to lessons, and step after step with the real choices."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from tailorbird.stages.bandits.kinds import make_policy
from tailorbird.stages.bandits.teaching import Exposures, teach, times_seen
from tailorbird.stages.decisions.slate import CreativeCatalog, PeopleRows, decide_many
from tailorbird.testing.readouts import example_campaign
from tailorbird.types.campaign import BlockSpec
from tailorbird.types.creative import Creative
from tailorbird.types.policy_rows import Lessons
from tailorbird.types.policy_spec import PolicySpec
from tailorbird.types.recommendation import ItemChoice


def exposures(arms: Sequence[str], reward: Sequence[float], **more: object) -> Exposures:
    n = len(arms)
    given: dict[str, object] = {
        "blocks": ["subject"] * n,
        "strata": ["all"] * n,
        "steps": ["1"] * n,
        "people": [f"p{i}" for i in range(n)],
        "propensity": np.full(n, 0.5),
        "age_days": np.full(n, 20.0),
        "window_days": 14.0,
    }
    return Exposures(arms=list(arms), reward=np.array(reward), **{**given, **more})  # type: ignore[arg-type]


def test_an_impossible_propensity_is_refused() -> None:
    for bad in (0.0, float("nan"), 1.2):
        with pytest.raises(ValueError, match="propensity"):
            teach(PolicySpec(), exposures("ab", [1.0, 0.0], propensity=np.array([0.5, bad])), {}, "s")


def test_nothing_that_was_shown_teaches_nothing() -> None:
    taught = teach(PolicySpec(), exposures("", []), {}, "s")
    assert (taught.rewards.arms, taught.traffic) == ([], 0.0)
    assert make_policy(PolicySpec(), taught.lessons).update(taught.rewards).version == "prior"


def test_one_arm_alone_teaches_nothing_of_itself() -> None:
    assert teach(PolicySpec(), exposures("aaaa", [1.0, 0.0, 0.0, 0.0]), {}, "s").rewards.arms == []


def test_no_conversions_teach_nothing_yet() -> None:
    assert teach(PolicySpec(), exposures("abab", [0.0] * 4), {}, "s").rewards.arms == []


def test_how_often_a_person_saw_a_line_before_is_counted() -> None:
    seen = times_seen(["p", "p", "q", "p"], ["a", "a", "a", "b"], np.array([9.0, 5.0, 5.0, 1.0]))
    assert seen.tolist() == [0.0, 1.0, 0.0, 0.0]


def test_a_young_exposure_counts_for_less_and_a_line_is_not_punished_for_being_young() -> None:
    rng = np.random.default_rng(1)
    arms = ["old"] * 4000 + ["new"] * 4000
    ages = np.array([20.0] * 4000 + [2.0] * 4000)
    delays = rng.uniform(0, 14, 400)
    come = np.where(ages > 14, 1.0, 2 / 14)
    reward = (rng.random(8000) < 0.2 * come).astype(float)
    taught = teach(PolicySpec(), exposures(arms, reward.tolist(), age_days=ages, delays=delays), {}, "s")
    rate = {
        arm: taught.rewards.reward[np.array(taught.rewards.arms) == arm].sum()
        / taught.rewards.exposed[np.array(taught.rewards.arms) == arm].sum()
        for arm in ("old", "new")
    }
    assert rate["new"] == pytest.approx(rate["old"], rel=0.2)


def test_a_line_that_hurts_is_barred_and_the_others_are_not() -> None:
    arms = ["a"] * 2000 + ["b"] * 2000
    hurt = np.array([1.0] * 60 + [0.0] * 1940 + [1.0] * 6 + [0.0] * 1994)
    taught = teach(PolicySpec(), exposures(arms, [0.0, 1.0] * 2000, hurt={"unsubscribes": (hurt, 0.1)}), {}, "s")
    assert taught.lessons.barred == ("a",)


def test_a_line_is_not_barred_for_the_people_that_it_was_written_for() -> None:
    # Cell y complains ten times as often as x, whatever it is shown; line b is mostly shown to y.
    shown = [("x", "a", 3600, 18), ("x", "b", 400, 2), ("y", "a", 400, 20), ("y", "b", 3600, 180)]
    arms = [arm for _, arm, n, _ in shown for _ in range(n)]
    strata = [cell for cell, _, n, _ in shown for _ in range(n)]
    hurt = np.array([float(at < bad) for _, _, n, bad in shown for at in range(n)])
    told = {"hurt": {"complaints": (hurt, 0.1)}, "strata": strata}
    assert teach(PolicySpec(), exposures(arms, [0.0, 1.0] * 4000, **told), {}, "s").lessons.barred == ()


def test_a_line_that_hurts_is_barred_too_where_each_person_has_shares_of_their_own() -> None:
    arms = ["a"] * 2000 + ["b"] * 2000
    hurt = np.array([1.0] * 60 + [0.0] * 1940 + [1.0] * 6 + [0.0] * 1994)
    told = {"hurt": {"unsubscribes": (hurt, 0.1)}, "strata": list(range(4000)), "context": np.zeros((4000, 1))}
    spec = PolicySpec(kind="linear", features=("age",))
    assert teach(spec, exposures(arms, [0.0, 1.0] * 2000, **told), {}, "s").lessons.barred == ("a",)


def test_a_line_is_not_barred_for_having_been_shown_before_the_others() -> None:
    # In the second step, sent a moment ago, nobody had the time to unsubscribe.
    arms = ["a"] * 1000 + ["b"] * 1000 + ["a"] * 100 + ["b"] * 9000
    strata = ["first"] * 2000 + ["second"] * 9100
    hurt = np.array(([1.0] * 20 + [0.0] * 980) * 2 + [0.0] * 9100)
    told = {"hurt": {"unsubscribes": (hurt, 0.1)}, "strata": strata}
    assert teach(PolicySpec(), exposures(arms, [0.0, 1.0] * 5550, **told), {}, "s").lessons.barred == ()


def test_what_priors_say_is_kept_beside_the_policy() -> None:
    assert teach(PolicySpec(), exposures("ab", [1.0, 0.0]), {"a": 0.05}, "s").lessons.priors == {"a": 0.05}


class Loop:
    """Step after step with the real decisions and the real learning; people of `cells` answer as `rate` says."""

    def __init__(
        self, lines: Sequence[Creative], cells: Sequence[str], rate: Callable[[str, str], float], policy: PolicySpec
    ) -> None:
        subjects = {line.brief_id: line.brief_id.removeprefix("b_") for line in lines if line.brief_id}
        self.catalog = CreativeCatalog.build(lines, subjects)
        self.campaign = replace(example_campaign(), blocks={"subject": BlockSpec(60)}, policy=policy)
        self.cells, self.rate, self.rng = cells, rate, np.random.default_rng(4)
        self.rows: list[tuple[str, str, tuple[str, ...], float, float]] = []
        self.policy, self.lessons = make_policy(policy), Lessons()

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
            rows, ItemChoice(nothing, np.zeros((n, 0)), nothing), [], self.catalog, {}, self.policy, self.lessons,
            replace(self.campaign, step=str(number)), "shop", datetime(2026, 6, 1, tzinfo=UTC) + timedelta(days=number),
            "",
        )  # fmt: skip
        shown: Counter[tuple[str, str]] = Counter()
        for cell, one in zip(subjects, decided, strict=True):
            place = one.slate[0]
            key = (cell, str(place.creative_id))
            shown[key] += 1
            ordered = float(self.rng.random() < self.rate(*key) * seen_so_far)
            self.rows.append((str(number), key[1], (str(number), cell, place.among), place.propensity, ordered))
        steps, arms, strata, propensity, reward = (list(column) for column in zip(*self.rows, strict=True))
        taught = teach(
            self.campaign.policy,
            exposures(
                arms, reward, strata=strata, propensity=np.array(propensity), steps=steps,
                people=[str(i) for i in range(len(arms))],
            ),
            {},
            "s",
        )  # fmt: skip
        self.lessons = taught.lessons
        self.policy = make_policy(self.campaign.policy, taught.lessons).update(taught.rewards)
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
    policy = PolicySpec(arms_max=4, prior_mean=prior_mean, traffic=100_000)
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
