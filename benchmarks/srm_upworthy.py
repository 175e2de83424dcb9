"""Sample ratio mismatch on real tests: how many of the archive's finished tests raise an alarm.

    python benchmarks/srm_upworthy.py [--data PACKAGES] [--seed N] [--json]

PACKAGES is a Parquet file, or CSV, with one row per package (arm) of a randomised headline test of the Upworthy
Research Archive: clickability_test_id, impressions, test_week. Each visitor was shown one of the packages of a test,
all with the same probability, so impressions should be equal; in the weeks 201325 to 201402 the assignment was faulty,
as the archive's authors say. A test is finished: its arms are looked at once, by chi-square at p < .001. The e-value
that watches running tests stands beside it, at its bar of 1,000; on finished tests it is the weaker of the two, which
is the price of being right at every look. Tests of one package are left out: nothing was split.

Nothing is chosen or learned from these rows; the seed only draws the simulated tests of the last two figures: sound
tests of the same sizes, on which the same two alarms should be false once in a thousand at most; the e-value is looked
at 100 times each.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import figures
import numpy as np

from tailorbird.stages.measurement.srm import SRM_ALPHA, split_p
from tailorbird.stages.measurement.srm_sequence import split_log_e

DATA = Path("../shared/data/upworthy/packages.parquet")
FIRST, LAST = 201325, 201402
SIMULATED, LOOKS = 2_000, 100


def read_tests(path: Path) -> list[tuple[int, list[int]]]:
    """(week, impressions of each package) of every test with at least two packages, in the order of their ids."""
    import duckdb

    rows = duckdb.execute(
        "SELECT CAST(clickability_test_id AS VARCHAR), CAST(test_week AS INTEGER), CAST(impressions AS BIGINT) "
        f"FROM '{str(path).replace(chr(39), chr(39) * 2)}' ORDER BY ALL"
    ).fetchall()
    tests: dict[str, list[int]] = defaultdict(list)
    weeks: dict[str, int] = {}
    for test, week, impressions in rows:
        tests[test].append(impressions)
        weeks[test] = week
    return [(weeks[test], shown) for test, shown in tests.items() if len(shown) > 1 and any(shown)]


def by_chi_square(shown: Sequence[int]) -> bool:
    """Whether a finished test raises an alarm."""
    p = split_p(shown, [1 / len(shown)] * len(shown))
    return p is not None and p < SRM_ALPHA


def by_e_value(shown: Sequence[int]) -> bool:
    """Whether the e-value of a test, looked at now, is at its bar."""
    return split_log_e(shown, [1 / len(shown)] * len(shown)) >= -math.log(SRM_ALPHA)


def false_alarms(tests: list[tuple[int, list[int]]], seed: int) -> tuple[int, int]:
    """Alarms of SIMULATED sound tests of the real tests' sizes: (chi-square, e-value at any of LOOKS looks)."""
    rng = np.random.default_rng(seed)
    chi_square = e_value = 0
    for at in rng.integers(len(tests), size=SIMULATED).tolist():
        shown = tests[at][1]
        size = max(sum(shown) // LOOKS, 1)
        looks = rng.multinomial(size, [1 / len(shown)] * len(shown), size=LOOKS).cumsum(axis=0).tolist()
        chi_square += by_chi_square(looks[-1])
        e_value += any(by_e_value(counts) for counts in looks)
    return chi_square, e_value


def share(name: str, hits: int, count: int, unit: str, goal: str | None = None) -> dict[str, Any]:
    """A share to four decimals, with Wilson's interval."""
    low, high = figures.wilson(hits, count)
    found = {"name": name, "value": round(hits / count, 4), "low": round(low, 4), "high": round(high, 4), "unit": unit}
    return figures.judged(found, goal)


def measure(tests: list[tuple[int, list[int]]], seed: int) -> list[dict[str, Any]]:
    """The metrics."""
    faulty = [shown for week, shown in tests if FIRST <= week <= LAST]
    clean = [shown for week, shown in tests if not FIRST <= week <= LAST]
    found = []
    for name, some, goal in (("faulty", faulty, "value >= 0.6"), ("clean", clean, "value <= 0.01")):
        if some:
            unit = f"of {len(some):,} tests"
            found.append(share(f"alarms_{name}", sum(by_chi_square(shown) for shown in some), len(some), unit, goal))
            found.append(share(f"e_value_alarms_{name}", sum(by_e_value(shown) for shown in some), len(some), unit))
    chi_square, e_value = false_alarms(tests, seed)
    unit = f"of {SIMULATED:,} simulated sound tests"
    found.append(share("false_alarms_chi_square", chi_square, SIMULATED, unit))
    found.append(share("false_alarms_e_value_100_looks", e_value, SIMULATED, unit, f"value <= {SRM_ALPHA}"))
    return found


def main() -> None:
    """Measure and print."""
    parser = figures.options(__doc__, "a Parquet or CSV file of packages (default: the public one's rows)", data=DATA)
    asked = parser.parse_args()
    if not asked.data.is_file():
        parser.error(f"no file {asked.data}; give the packages of the Upworthy Research Archive with --data")
    tests = read_tests(asked.data)
    notes = [f"alarm at p < {SRM_ALPHA:g}; faulty are the weeks {FIRST} to {LAST}; {len(tests):,} tests of two or more"]
    rows = sum(len(shown) for _, shown in tests)
    metrics = measure(tests, asked.seed)
    found = figures.report("srm_upworthy", asked.data, rows, asked.seed, ["numpy", "duckdb"], metrics, notes)
    figures.show(found, asked.json)


if __name__ == "__main__":
    main()
