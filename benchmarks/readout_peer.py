"""The peer of `readout.py` and `aa.py`: tea-tasting, run in an environment of its own.

It reads a JSON line {"folder", "arm", "metrics": {name: {"y", "b", "x"}}}, whose columns are .npy files of that folder,
and answers with what tea-tasting makes of each metric: effect, bounds, p. Every further line is answered with the
seconds that the whole read-out took once more, elapsed and of the processor. The columns are an Arrow table, the form
that it was fastest with.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import tea_tasting as tt


def metric_of(columns: dict[str, str]) -> Any:
    """tea-tasting's metric of the columns: a mean, a ratio, or one with a covariate."""
    if "b" in columns:
        return tt.RatioOfMeans(columns["y"], columns["b"], columns.get("x"), use_t=True)
    return tt.Mean(columns["y"], columns.get("x"), use_t=True)


def main() -> None:
    """Answer line by line until standard input ends."""
    given = json.loads(sys.stdin.readline())
    folder = Path(given["folder"])
    names = {given["arm"], *(column for metric in given["metrics"].values() for column in metric.values())}
    table = pa.table({name: np.load(folder / f"{name}.npy") for name in sorted(names)})
    experiment = tt.Experiment({name: metric_of(columns) for name, columns in given["metrics"].items()}, given["arm"])

    def analyze() -> Any:
        return experiment.analyze(table, control=0)

    found = analyze()
    fields = {"difference": "effect_size", "low": "effect_size_ci_lower", "high": "effect_size_ci_upper", "p": "pvalue"}
    print(json.dumps({name: {mine: float(getattr(found[name], theirs)) for mine, theirs in fields.items()}
                      for name in given["metrics"]}), flush=True)  # fmt: skip
    for _ in sys.stdin:
        before = time.perf_counter(), time.process_time()
        analyze()
        print(json.dumps([time.perf_counter() - before[0], time.process_time() - before[1]]), flush=True)


if __name__ == "__main__":
    main()
