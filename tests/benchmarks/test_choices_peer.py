"""The peer of the benchmark of choices, in its own environment."""

import json
import subprocess
from pathlib import Path

import pytest

PEERS = Path(__file__).resolve().parents[2] / ".venv-peers/bin/python"


@pytest.mark.slow
def test_the_peer_answers_with_its_version_and_its_rates() -> None:
    if not PEERS.exists():
        pytest.skip("the peers are not installed: make peers")
    given = {"people": 50, "single": 20, "seed": 1, "arms": 3, "features": 2, "taught": 100}
    script = PEERS.parents[2] / "benchmarks/choices_peer.py"
    told = subprocess.run(
        [str(PEERS), str(script)],
        input=json.dumps(given) + "\nbatch\nsingle\n",
        text=True,
        capture_output=True,
        check=True,
    ).stdout.split()
    assert len(told) == 3 and float(told[1]) > 0 and float(told[2]) > 0
