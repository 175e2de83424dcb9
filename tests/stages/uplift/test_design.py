"""Features as columns."""

from typing import Any

from tailorbird.stages.uplift.design import learn_design


def test_numbers_texts_booleans_and_what_is_missing_become_columns() -> None:
    columns: dict[str, list[Any]] = {
        "n": [float(i) for i in range(99)] + [None],
        "city": ["Leeds", "York"] * 50,
        "new": [True, False] * 50,
        "same": [1] * 100,
        "list": [["a"]] * 100,
    }
    design = learn_design(columns)
    made = design.matrix(columns)
    assert made.shape == (100, len(design.names))
    assert [name for name in design.names if not name.startswith("n>")] == ["n", "n?", "city=York", "new=True"]
    assert made[99, design.names.index("n?")] == 1.0
    assert made[:2, design.names.index("city=York")].tolist() == [0.0, 1.0]


def test_a_text_that_was_not_there_before_is_none_of_the_known_ones() -> None:
    design = learn_design({"city": ["Leeds"] * 40 + ["York"] * 40 + ["Bath"] * 40})
    assert design.matrix({"city": ["Paris", None]})[0].sum() == 0.0


def test_features_that_say_nothing_make_no_column() -> None:
    design = learn_design({"same": ["x"] * 10, "none": [None] * 10})
    assert design.names == ()
    assert design.matrix({"same": ["x"] * 3, "none": [None] * 3}).shape == (3, 0)
