"""Which lines compete for whom; what the slate makes of them is in test_slate."""

import numpy as np

from tailorbird.stages.bandits.kinds import make_policy
from tailorbird.stages.decisions.copy_choice import CreativeCatalog, PeopleRows, draw_copy
from tailorbird.stages.decisions.hashing import person_hashes
from tailorbird.testing.readouts import example_campaign
from tailorbird.types.arm_set import ArmSet
from tailorbird.types.campaign import BlockSpec, Campaign
from tailorbird.types.creative import Creative
from tailorbird.types.policy_rows import Lessons, Rewards
from tailorbird.types.policy_spec import PolicySpec


def line(name: str) -> Creative:
    return Creative(
        name, "", "winback", "subject", "en-GB", "Hello", "approved", "h", approval="approved", approved_hash="h"
    )


def campaign(policy: PolicySpec) -> Campaign:
    from dataclasses import replace

    return replace(example_campaign(), blocks={"subject": BlockSpec(60)}, policy=policy)


def people(n: int, **more: object) -> PeopleRows:
    none = frozenset[str]()
    columns = (["everyone"] * n, ["en-GB"] * n, [none] * n, [""] * n, [""] * n, [""] * n)
    return PeopleRows([f"p{i}" for i in range(n)], *columns, **more)  # type: ignore[arg-type]


def shown(
    rows: PeopleRows,
    policy: PolicySpec,
    lessons: Lessons = Lessons(),
    lines: str = "abcd",
    rewards: Rewards | None = None,
) -> tuple[list[str | None], dict[str, ArmSet]]:
    drawn: dict[str, ArmSet] = {}
    made = make_policy(policy, lessons)
    copy = draw_copy(
        rows, person_hashes(rows.person_ids, "s"), CreativeCatalog.build([line(name) for name in lines], {}), {},
        made.update(rewards) if rewards else made, lessons, campaign(policy), drawn,
    )  # fmt: skip
    return [places[0].creative_id for places in copy], drawn


def test_what_a_guardrail_bars_and_what_was_halved_away_is_not_shown() -> None:
    names, _ = shown(people(200), PolicySpec(), Lessons(barred=("a",), halved=("b",)))
    assert set(names) == {"c", "d"}


def test_where_everything_is_barred_people_still_get_a_line() -> None:
    names, _ = shown(people(20), PolicySpec(), Lessons(barred=tuple("abcd")))
    assert None not in names


def test_no_more_lines_compete_than_the_traffic_can_tell_apart() -> None:
    _, drawn = shown(people(200), PolicySpec(arms_max=4), Lessons(arms_max=2))
    assert [len(one.arms) for one in drawn.values()] == [2]


def test_hundreds_of_lines_are_tried_a_few_at_a_time() -> None:
    names = [f"l{i:03}" for i in range(300)]
    _, drawn = shown(people(200), PolicySpec(arms_max=4), lines=names)  # type: ignore[arg-type]
    assert [len(one.arms) for one in drawn.values()] == [4]


def test_people_of_one_memory_share_an_arm_set_and_others_have_their_own() -> None:
    lessons = Lessons(fatigue=2.0)
    rows = people(90, seen=[{"a": 5} if i % 3 == 0 else {} for i in range(90)])
    names, drawn = shown(rows, PolicySpec(floor=0.0), lessons)
    assert len(drawn) == 2
    tired, fresh = ([n for i, n in enumerate(names) if (i % 3 == 0) is seen] for seen in (True, False))
    assert tired.count("a") / len(tired) < fresh.count("a") / len(fresh)


def test_a_linear_policy_sees_each_person() -> None:
    rng = np.random.default_rng(1)
    context = rng.normal(size=(4000, 1))
    arms = ["ab"[k] for k in rng.integers(0, 2, 4000)]
    rate = 0.3 + 0.2 * np.sign(context[:, 0]) * np.where(np.array(arms) == "a", 1, -1)
    rewards = Rewards(arms, (rng.random(4000) < rate).astype(float), np.ones(4000), np.full(4000, 0.5), context=context)
    rows = people(60, context=np.array([[2.0] if i % 2 else [-2.0] for i in range(60)]))
    names, _ = shown(rows, PolicySpec(kind="linear", features=("x",), floor=0.0), lines="ab", rewards=rewards)
    assert names[1::2] == ["a"] * 30 and names[::2] == ["b"] * 30
