import numpy as np

from tailorbird.stages.bandits.constraints import barred

BLOCKS = {"subject": {"a", "b", "c"}}


def rows(rates: dict[str, float], each: int = 3000) -> tuple[list[str], np.ndarray, np.ndarray]:
    arms = [arm for arm in rates for _ in range(each)]
    hurt = np.concatenate([np.arange(each) < rate * each for rate in rates.values()]).astype(float)
    return arms, np.ones(len(arms)), hurt


def test_a_line_that_people_unsubscribe_from_is_out() -> None:
    assert barred(*rows({"a": 0.02, "b": 0.004, "c": 0.004}), BLOCKS, 0.1, 0.05, "s") == ("a",)


def test_a_difference_that_may_be_chance_bars_nothing() -> None:
    assert barred(*rows({"a": 0.006, "b": 0.005, "c": 0.004}), BLOCKS, 0.1, 0.05, "s") == ()


def test_the_risk_is_shared_by_the_lines_of_all_blocks() -> None:
    hurting = {"a": 0.0125, "b": 0.006, "c": 0.006}
    others = {f"other {n}": 0.006 for n in range(40)}
    assert barred(*rows(hurting | others), BLOCKS, 0.1, 0.02, "s") == ("a",)
    many = BLOCKS | {f"block {n}": {f"other {n}"} for n in range(40)}
    assert barred(*rows(hurting | others), many, 0.1, 0.02, "s") == ()


def test_a_few_events_bar_nothing() -> None:
    assert barred(*rows({"a": 0.03, "b": 0.0, "c": 0.0}, 100), BLOCKS, 0.1, 0.05, "s") == ()


def test_a_block_keeps_a_line() -> None:
    assert len(barred(*rows({"a": 0.05, "b": 0.004}), {"subject": {"a", "b"}}, 0.0, 0.05, "s")) == 1
    assert barred(*rows({"a": 0.05}), {"subject": {"a"}}, 0.0, 0.05, "s") == ()
