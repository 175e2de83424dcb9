"""BG/NBD against the figures of its authors, and against simulated customers."""

import csv
import gzip
import os
from pathlib import Path

import numpy as np
import pytest

from tailorbird.stages.lifetime.bg_nbd import BgNbd, LifetimeError, fit_bg_nbd, hypergeometric

DATA = Path(os.environ.get("TAILORBIRD_DATA", Path(__file__).resolve().parents[4] / "shared" / "data"))
CDNOW = BgNbd(0.243, 4.414, 0.793, 2.426)


def column(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float64)


def test_the_authors_worked_example_comes_out() -> None:
    expected = CDNOW.purchases(39, column(2), column(30.43), column(38.86))
    assert expected[0] == pytest.approx(1.226, abs=0.001)


def test_who_bought_once_is_still_a_customer_and_who_stopped_long_ago_hardly() -> None:
    alive = CDNOW.alive(column(0, 5, 5), column(0, 30, 3), column(39, 31, 39))
    assert alive[0] == 1
    assert alive[1] > 0.8 > 0.05 > alive[2]


def test_purchases_to_come_grow_with_the_time_and_are_none_in_none() -> None:
    of = (column(3, 0), column(20, 0), column(25, 25))
    shorter, longer = CDNOW.purchases(10, *of), CDNOW.purchases(52, *of)
    assert (shorter < longer).all() and (shorter > 0).all()
    assert CDNOW.purchases(0, *of).tolist() == [0, 0]


def test_the_series_equals_known_values() -> None:
    z = column(0.1, 0.5, 0.9)
    assert hypergeometric(column(1, 1, 1), column(1, 1, 1), column(2, 2, 2), z) == pytest.approx(-np.log(1 - z) / z)


def simulate(model: BgNbd, people: int, weeks: float, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    rates, stops = rng.gamma(model.r, 1 / model.alpha, people), rng.beta(model.a, model.b, people)
    repeats, recency = np.zeros(people), np.zeros(people)
    for person in range(people):
        at = rng.exponential(1 / rates[person])
        while at <= weeks:
            repeats[person], recency[person] = repeats[person] + 1, at
            if rng.random() < stops[person]:
                break
            at += rng.exponential(1 / rates[person])
    return repeats, recency, np.full(people, weeks)


def test_a_fit_finds_the_purchases_of_customers_made_by_the_model() -> None:
    truth = BgNbd(0.8, 6.0, 0.6, 2.5)
    repeats, recency, age = simulate(truth, 4000, 40, 3)
    found = fit_bg_nbd(repeats, recency, age)
    assert found.r / found.alpha == pytest.approx(truth.r / truth.alpha, rel=0.1)
    ours, theirs = (model.purchases(26, repeats, recency, age).sum() for model in (found, truth))
    assert ours == pytest.approx(theirs, rel=0.08)


def test_too_few_who_bought_again_carry_no_model() -> None:
    with pytest.raises(LifetimeError, match="2 people bought again"):
        fit_bg_nbd(column(1, 1, 0), column(2, 3, 0), column(9, 9, 9))


def test_a_purchase_after_now_is_refused() -> None:
    n = 200
    with pytest.raises(LifetimeError, match="outside"):
        fit_bg_nbd(np.ones(n), np.full(n, 12.0), np.full(n, 10.0))


def test_the_fit_to_cdnows_customers_is_the_authors_own() -> None:
    path = DATA / "cdnow" / "cdnow_customers_summary.csv.gz"
    if not path.exists():
        if "data" in os.environ.get("TAILORBIRD_REQUIRE", ""):
            pytest.fail(f"{path} is not there, and TAILORBIRD_REQUIRE asks for it")
        pytest.skip(f"{path} is not there; set TAILORBIRD_DATA")
    with gzip.open(path, "rt") as file:
        rows = list(csv.reader(file))[1:]
    repeats, recency, age = (np.array([float(row[i]) for row in rows]) for i in (1, 2, 3))
    found = fit_bg_nbd(repeats, recency, age)
    assert found.r == pytest.approx(0.243, abs=0.001)
    assert found.alpha == pytest.approx(4.414, abs=0.005)
    assert found.a == pytest.approx(0.793, abs=0.001)
    assert found.b == pytest.approx(2.426, abs=0.005)
