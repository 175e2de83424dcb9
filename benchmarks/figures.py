"""What every benchmark shares: its options, the timing of two sides in turns, the shape of a figure, and its print.

This module measures nothing by itself. A benchmark prints one object with --json:

    {"benchmark", "data", "rows", "seed", "versions": {package: version}, "notes": [text], "metrics": [metric]}

and a metric is {"name", "value", "low", "high", "unit", "goal", "met", "peer", "peer_value", "ratio", "ratio_low",
"ratio_high"}; what a metric does not have is left out. `value` is the mean over rounds and `low` and `high` its 95 %
interval, or, where a benchmark says so, the median and the range; `goal` reads 'ratio >= 18' or 'value <= 300'.
"""

import argparse
import gc
import json
import operator
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

# Student's t at 97.5 %, by degrees of freedom.
T_95 = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262)
COMPARE = {">=": operator.ge, "<=": operator.le}


def options(doc: str | None, data_help: str, seed: int = 7, data: Path | None = None) -> argparse.ArgumentParser:
    """The command line that all benchmarks have: --data, --seed, --json."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=data, help=data_help)
    parser.add_argument("--seed", type=int, default=seed)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser


def versions(*packages: str) -> dict[str, str]:
    """{package: version} of installed packages, and of Python."""
    return {name: version(name) for name in packages} | {"python": sys.version.split()[0]}


def interval(values: Sequence[float]) -> tuple[float, float]:
    """A 95 % interval of the mean, from 2 to 10 rounds; of one round, the round."""
    mean = statistics.mean(values)
    if len(values) < 2:
        return mean, mean
    reach = T_95[len(values) - 2] * statistics.stdev(values) / len(values) ** 0.5
    return mean - reach, mean + reach


def metric(
    name: str,
    unit: str,
    values: Sequence[float],
    goal: str | None = None,
    peer: str = "",
    peers: Sequence[float] = (),
    digits: int = 0,
) -> dict[str, Any]:
    """One metric from rounds: means with their intervals, and, with as many rounds of a peer, the ratio of each pair.

    `goal` is 'value' or 'ratio', '>=' or '<=', and a number; `met` says whether the mean reaches it.
    """
    found: dict[str, Any] = {"name": name, "value": rounded(statistics.mean(values), digits), "unit": unit}
    if len(values) > 1:
        found["low"], found["high"] = (rounded(end, digits) for end in interval(values))
    if peers:
        ratios = [mine / theirs for mine, theirs in zip(values, peers, strict=True)]
        found |= {"peer": peer, "peer_value": rounded(statistics.mean(peers), digits)}
        found["ratio"] = round(statistics.mean(ratios), 2)
        if len(ratios) > 1:
            found["ratio_low"], found["ratio_high"] = (round(end, 2) for end in interval(ratios))
    return judged(found, goal)


def judged(found: dict[str, Any], goal: str | None) -> dict[str, Any]:
    """The metric with its goal, and whether it is met; as it is, without a goal."""
    if goal is None:
        return found
    subject, comparison, number = goal.split()
    return found | {"goal": goal, "met": COMPARE[comparison](found[subject], float(number))}


def wilson(hits: int, count: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    z, part = 1.96, hits / count
    middle = (part + z * z / (2 * count)) / (1 + z * z / count)
    reach = z * ((part * (1 - part) / count + z * z / (4 * count * count)) ** 0.5) / (1 + z * z / count)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def share(name: str, hits: int, count: int, unit: str) -> dict[str, Any]:
    """A share as a metric, with Wilson's interval."""
    low, high = wilson(hits, count)
    return {"name": name, "value": round(hits / count, 3), "low": round(low, 3), "high": round(high, 3), "unit": unit}


def median_metric(
    name: str,
    unit: str,
    values: Sequence[float],
    goal: str | None = None,
    peer: str = "",
    peers: Sequence[float] = (),
    digits: int = 0,
) -> dict[str, Any]:
    """One metric of which single rounds can be far off: medians, the range of the rounds, the ratio of the medians."""
    value = statistics.median(values)
    found: dict[str, Any] = {"name": name, "value": rounded(value, digits), "unit": unit}
    if len(values) > 1:
        found |= {"low": rounded(min(values), digits), "high": rounded(max(values), digits)}
    if peers:
        other = statistics.median(peers)
        found |= {"peer": peer, "peer_value": rounded(other, digits), "ratio": round(value / other, 3)}
    return judged(found, goal)


def rounded(value: float, digits: int) -> float | int:
    """To `digits` decimals; a whole number without them."""
    return round(value, digits) if digits else round(value)


def per_cpu_second(run: Callable[[int], Any], count: int, start: int = 0) -> float:
    """How many calls of `run`, with the numbers from `start`, this process makes in a CPU-second."""
    before = time.process_time()
    for number in range(start, start + count):
        run(number)
    return count / (time.process_time() - before)


def in_turns(*sides: Callable[[int], float], rounds: int) -> list[list[float]]:
    """Measure the sides by turns, so that other load hits all of them: a list of `rounds` figures for each side.

    The first side of a round changes from round to round, and no side pays for the other's garbage. `side(turn)`
    measures once.
    """
    found: list[list[float]] = [[] for _ in sides]
    for turn in range(rounds):
        for at in range(len(sides)):
            which = (turn + at) % len(sides)
            gc.collect()
            found[which].append(sides[which](turn))
    return found


def report(
    benchmark: str,
    data: object,
    rows: int,
    seed: int,
    packages: Sequence[str],
    metrics: Sequence[Mapping[str, Any]],
    notes: Sequence[str] = (),
) -> dict[str, Any]:
    """The object that a benchmark prints."""
    return {
        "benchmark": benchmark,
        "data": str(data),
        "rows": rows,
        "seed": seed,
        "versions": versions(*packages),
        "notes": list(notes),
        "metrics": list(metrics),
    }


def show(found: Mapping[str, Any], as_json: bool) -> None:
    """Print the object, or the same as a table."""
    if as_json:
        print(json.dumps(found))
        return
    print(f"{found['benchmark']}: {found['data']}, {found['rows']:,} rows, seed {found['seed']}")
    print("  " + ", ".join(f"{name} {number}" for name, number in found["versions"].items()))
    for note in found["notes"]:
        print(f"  {note}")
    for each in found["metrics"]:
        print(line(each))


def line(found: Mapping[str, Any]) -> str:
    """One metric as a line of the table."""
    text = f"  {found['name']:<34} {found['value']:>10,}{span(found, 'low', 'high')} {found['unit']}"
    if "ratio" in found:
        text += f"; {found['peer']}: {found['peer_value']:,}; ratio {found['ratio']}"
        text += span(found, "ratio_low", "ratio_high")
    if "goal" in found:
        text += f"; goal {found['goal']}: {'met' if found['met'] else 'NOT met'}"
    return text


def span(found: Mapping[str, Any], low: str, high: str) -> str:
    """' (low to high)' where there is an interval."""
    return f" ({found[low]:,} to {found[high]:,})" if low in found else ""
