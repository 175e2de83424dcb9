"""The peer of `choices.py`: MABWiser's linear Thompson sampling on the same numbers of arms and features.

It is run by `choices.py` in an environment of its own. It reads a JSON line with the workload, says its version, and
then answers 'batch' or 'single' with decisions per CPU-second. BLAS is kept to one thread, which makes it faster.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import json
import sys
import time
from importlib.metadata import version

import numpy as np
from mabwiser.mab import MAB, LearningPolicy


def main() -> None:
    """Answer line by line until standard input ends."""
    given = json.loads(sys.stdin.readline())
    rng = np.random.default_rng(given["seed"])
    mab = MAB(list(range(given["arms"])), LearningPolicy.LinTS(alpha=0.5), seed=given["seed"])
    context = rng.normal(size=(given["taught"], given["features"]))
    arm = rng.integers(0, given["arms"], given["taught"])
    mab.fit(arm, (rng.random(given["taught"]) < 0.3).astype(int), contexts=context)
    people = rng.normal(size=(given["people"], given["features"]))
    mab.predict(people[:100])
    print(json.dumps(version("mabwiser")), flush=True)
    for line in sys.stdin:
        before = time.process_time()
        if line.strip() == "batch":
            mab.predict(people)
            count = given["people"]
        else:
            count = max(given["single"] // 10, 1)
            for at in range(count):
                mab.predict(people[at : at + 1])
        print(count / (time.process_time() - before), flush=True)


if __name__ == "__main__":
    main()
