"""Rates per creative and tag: comparable, with intervals, and shrunk."""

import numpy as np
import pytest

from tailorbird.stages.measurement.strata import LineStratum
from tailorbird.stages.measurement.tables import (
    creative_counts,
    line_strata,
    prior_strength,
    rate_rows,
    tag_counts,
)
from tailorbird.types.creative import Creative
from tailorbird.types.draft import Rung
from tailorbird.types.readout import RateRow


def line(key: str, people: int, orders: int, stratum: str = "all") -> LineStratum:
    return LineStratum("headline", key, (stratum,), people, orders * 2, orders)


def rows_of(strata: list[LineStratum], n_star: float = 5000) -> dict[str, RateRow]:
    return {row.counts.key: row for row in rate_rows(creative_counts(strata, {}), strata, n_star)}


def creative(key: str, rung: Rung = "approved", **tags: str) -> Creative:
    return Creative(key, "", "winback", "headline", "en-GB", f"Line {key}", rung, "h", tags)


def test_a_lucky_line_is_pulled_to_the_mean_of_its_block() -> None:
    lucky = rows_of([line("lucky", 20, 4), line("a", 500, 25), line("b", 500, 26)])["lucky"].conversions
    assert lucky.value == pytest.approx(0.2, abs=0.01)
    assert 0.05 < lucky.shrunk < 0.10
    assert (lucky.low, lucky.high) == (0, 1), "too few people for an interval"


def test_the_best_of_many_equal_lines_is_biased_upward_and_shrinking_mends_most_of_it() -> None:
    rng = np.random.default_rng(5)
    plain, shrunk = [], []
    for _ in range(100):
        rows = rows_of([line(f"c{i}", 300, int(rng.binomial(300, 0.05))) for i in range(12)])
        best = max(rows.values(), key=lambda one: one.conversions.value)
        plain.append(best.conversions.value)
        shrunk.append(best.conversions.shrunk)
    assert np.mean(plain) > 0.068
    assert abs(np.mean(shrunk) - 0.05) < 0.006


def test_real_differences_stand_out_and_survive_the_shrinking() -> None:
    rows = rows_of([line("good", 2000, 300), line("bad", 2000, 100)])
    assert rows["good"].conversions.shrunk == pytest.approx(0.15, abs=0.003)
    assert rows["good"].conversions.stands_out and rows["bad"].conversions.stands_out


@pytest.mark.slow
@pytest.mark.parametrize("bases", [(0.1,), (0.03, 0.1, 0.16), (0.02,) * 5])
def test_among_equal_lines_hardly_a_table_has_one_that_stands_out_however_often_one_looks(
    bases: tuple[float, ...],
) -> None:
    """20 equal lines in cells of different base rates, looked at 14 times while people arrive."""
    rng, wrong = np.random.default_rng(1), 0
    for _ in range(60):
        counts = {(i, cell): [0, 0] for i in range(20) for cell in range(len(bases))}
        stood_out = False
        for _look in range(14):
            for (_, cell), sums in counts.items():
                sums[0] += 25
                sums[1] += int(rng.binomial(25, bases[cell]))
            strata = [line(f"c{i}", n, x, f"cell {cell}") for (i, cell), (n, x) in counts.items()]
            found = rows_of(strata, 20 * len(bases) * 14 * 25)
            stood_out |= any(row.conversions.stands_out for row in found.values())
        wrong += stood_out
    assert wrong <= 5


def test_equal_lines_in_cells_of_different_base_rates_have_the_same_comparable_rate() -> None:
    strata = [
        line("own", 900, 126, "b"),
        line("all", 900, 126, "b"),
        line("all", 900, 36, "a"),
        line("old", 900, 36, "a"),
    ]
    rows = rows_of(strata)
    rates = {row.conversions.value for row in rows.values()}
    assert max(rates) == pytest.approx(min(rates))
    assert not any(row.conversions.stands_out for row in rows.values())


def test_no_exposures_make_no_division() -> None:
    assert prior_strength([0.0], [0.0]) == 2000
    assert rows_of([line("new", 0, 0), line("other", 0, 0)])["new"].conversions.value == 0


def test_creatives_bring_text_and_tags_and_a_deleted_one_still_counts() -> None:
    strata = line_strata([
        ("headline", "c1", "1", "all", "en-GB", "2", 9, 2, 1),
        ("headline", "c1", "2", "all", "en-GB", "2", 1, 0, 0),
        ("headline", "c2", "1", "all", "en-GB", "2", 1, 0, 0),
    ])  # fmt: skip
    known, gone = creative_counts(strata, {"c1": creative("c1", tone="warm")})
    assert (known.text, known.tags, known.exposures) == ("Line c1", {"tone": "warm"}, 10)
    assert (gone.key, gone.text) == ("c2", "")


def test_tags_are_summed_and_lines_without_the_tag_are_a_row() -> None:
    strata = [line("a", 10, 1), line("b", 20, 2), line("c", 5, 0)]
    known = {"a": creative("a", tone="warm"), "b": creative("b"), "c": creative("c", tone="warm")}
    counts, tagged = tag_counts(creative_counts(strata, known), strata)
    assert {one.key: one.exposures for one in counts} == {"tone: (none)": 20, "tone: warm": 15}
    rows = {row.counts.key: row for row in rate_rows(counts, tagged, 100)}
    assert rows["tone: warm"].conversions.expected == pytest.approx(15 * 3 / 35)


def test_a_tag_with_one_value_is_left_out_and_rungs_are_compared() -> None:
    strata = [line("a", 10, 1), line("b", 20, 2)]
    same = {"a": creative("a", tone="warm"), "b": creative("b", tone="warm")}
    assert tag_counts(creative_counts(strata, same), strata) == ([], [])
    two = {"a": same["a"], "b": creative("b", "model", tone="warm")}
    counts, _ = tag_counts(creative_counts(strata, two), strata)
    assert [one.key for one in counts] == ["written by: approved", "written by: model"]
