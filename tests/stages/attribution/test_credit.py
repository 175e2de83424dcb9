"""Data-driven credit, against chains and sets that can be worked out by hand."""

from itertools import permutations

import pytest

from tailorbird.stages.attribution.credit import removal_effects, shapley_values, weights


def test_removal_effects_are_those_of_a_chain_worked_out_by_hand() -> None:
    # Two paths of three order: start→a→order, start→a→b→order, start→b→nothing.
    steps = [("s", "a", 2), ("s", "b", 1), ("a", "o", 1), ("a", "b", 1), ("b", "o", 1), ("b", "n", 1)]
    effects = removal_effects(steps, "s", "o")
    # P = 2/3·(1/2 + 1/2·1/2) + 1/3·1/2 = 2/3; without a: 1/6; without b: 1/3.
    assert effects == {"a": pytest.approx(1 - (1 / 6) / (2 / 3)), "b": pytest.approx(1 / 2)}


def test_a_touch_that_never_stands_before_an_order_has_no_effect() -> None:
    effects = removal_effects([("s", "a", 5), ("s", "b", 5), ("a", "o", 5), ("b", "n", 5)], "s", "o")
    assert effects == {"a": 1.0, "b": 0.0}


def test_circles_of_touches_come_to_an_end() -> None:
    steps = [("s", "a", 1), ("a", "b", 3), ("b", "a", 2), ("b", "o", 1)]
    assert removal_effects(steps, "s", "o") == {"a": pytest.approx(1), "b": pytest.approx(1)}


def test_without_orders_nothing_has_an_effect() -> None:
    assert removal_effects([("s", "a", 5), ("a", "n", 5)], "s", "o") == {"a": 0.0}
    assert removal_effects([], "s", "o") == {}


SETS = [((), 100, 5), (("a",), 50, 10), (("b",), 40, 4), (("a", "b"), 30, 12), (("b", "c"), 20, 9), (("c",), 10, 0)]


def test_shapley_values_are_the_mean_over_all_orders_of_coming() -> None:
    def worth(chosen: frozenset[str]) -> float:
        inside = [(n, x) for labels, n, x in SETS if set(labels) <= chosen]
        return sum(x for _, x in inside) / sum(n for n, _ in inside)

    expected = dict.fromkeys("abc", 0.0)
    for coming in permutations("abc"):
        for i, label in enumerate(coming):
            expected[label] += (worth(frozenset(coming[: i + 1])) - worth(frozenset(coming[:i]))) / 6
    found = shapley_values(SETS)
    assert found is not None
    assert found == {label: pytest.approx(value) for label, value in expected.items()}
    assert sum(found.values()) == pytest.approx(worth(frozenset("abc")) - worth(frozenset()))


def test_too_many_labels_have_no_shapley_value() -> None:
    assert shapley_values([([str(n)], 1, 1) for n in range(13)]) is None
    assert shapley_values([]) == {}


def test_weights_are_above_0_even_where_all_effects_are_0() -> None:
    assert weights({"a": 0.0, "b": 0.0}) == {"a": 1.0, "b": 1.0}
    shares = weights({"a": 0.5, "b": -0.1})
    assert shares["a"] == 0.5 and 0 < shares["b"] < 1e-6
