"""Cold start and install: what it costs to begin, in fresh processes.

    python benchmarks/cold_start.py [--json]
    python benchmarks/cold_start.py --install [--peer REQUIREMENT] [--data LOCKFILE] [--json]

Starting: CPU seconds (user and system, from wait4) and wall seconds of `import tailorbird`, `tailorbird --version` and
`tailorbird --help`, each in processes of its own, by turns. The peer is a process that imports the same dependencies at
once, as a program does that imports at the top of its modules: duckdb, numpy, sqlalchemy, starlette, uvicorn, pydantic
and liquid. The bare interpreter is the floor.

Installing, with --install: LOCKFILE (default: requirements/core.lock) goes into a fresh virtual environment, by uv,
with an empty cache, and so does the peer, by turns. Seconds include the download, so they depend on the network;
megabytes are those of the files in site-packages. Without a network it says so and leaves the metrics out.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import figures

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
ROUNDS = 9
EAGER = "import duckdb, numpy, sqlalchemy, starlette.applications, uvicorn, pydantic, liquid"
PEER = "the same dependencies, imported at once"
GOALS = {"tailorbird --help": "value <= 0.4"}
MEGABYTES = "value <= 300"


def spend(command: Sequence[str]) -> tuple[float, float]:
    """(CPU seconds, wall seconds) of a command in a fresh process. Raises SystemExit where the command fails."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    complaint = child.stderr.read() if child.stderr else b""
    _, status, used = os.wait4(child.pid, 0)
    wall, child.returncode = time.perf_counter() - start, os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"{' '.join(command)} failed: {complaint.decode(errors='replace')[-400:]}")
    return used.ru_utime + used.ru_stime, wall


def start_metrics(rounds: int) -> list[dict[str, Any]]:
    """CPU seconds of each way to begin, with the peer beside it, then wall seconds."""
    python = sys.executable
    commands = {
        "python -c pass": [python, "-c", "pass"],
        "import tailorbird": [python, "-c", "import tailorbird"],
        "tailorbird --version": [str(BIN / "tailorbird"), "--version"],
        "tailorbird --help": [str(BIN / "tailorbird"), "--help"],
        PEER: [python, "-c", EAGER],
    }
    for command in commands.values():
        spend(command)  # compiles and reads the files: only the first start after an install is slower
    walls: dict[str, list[float]] = {name: [] for name in commands}

    def side(name: str) -> Any:
        def once(_turn: int) -> float:
            cpu, wall = spend(commands[name])
            walls[name].append(wall)
            return cpu

        return once

    spent = dict(zip(commands, figures.in_turns(*map(side, commands), rounds=rounds), strict=True))
    eager = spent.pop(PEER)
    metrics = [
        figures.median_metric(name, "CPU-seconds", cpu, GOALS.get(name), PEER, eager, digits=3)
        for name, cpu in spent.items()
    ]
    eager_wall = walls.pop(PEER)
    return metrics + [
        figures.median_metric(f"{name}, wall", "seconds", wall, None, PEER, eager_wall, digits=3)
        for name, wall in walls.items()
    ]


def install(arguments: Sequence[str], folder: Path) -> tuple[float, float] | None:
    """(seconds, megabytes) of an install into a fresh environment; None where uv cannot."""
    uv = str(BIN / "uv")
    quiet = {"check": True, "capture_output": True}
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(folder)], **quiet)  # type: ignore[call-overload]
    start = time.perf_counter()
    command = [uv, "pip", "install", "--quiet", "--no-cache", "--python", str(folder / "bin" / "python"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    seconds = time.perf_counter() - start
    if done.returncode:
        print(f"not installed: {' '.join(arguments)}: {done.stderr.strip()[-300:]}", file=sys.stderr)
        return None
    files = (path for path in folder.glob("lib/python*/site-packages/**/*") if path.is_file() and not path.is_symlink())
    megabytes = sum(path.stat().st_size for path in files) / 1e6
    return seconds, megabytes


def install_metrics(lock: Path, peer: str, rounds: int) -> tuple[list[dict[str, Any]], list[str]]:
    """(metrics, notes) of installing the lock file, and the peer beside it."""
    ours: list[tuple[float, float]] = []
    theirs: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory(prefix="tailorbird-install-") as folder:
        for turn in range(rounds):
            for arguments, found in ((["--require-hashes", "-r", str(lock)], ours), ([peer], theirs)):
                place = Path(folder) / f"{turn}-{len(ours)}-{len(theirs)}"
                if all(arguments) and (result := install(arguments, place)):
                    found.append(result)
                shutil.rmtree(place, ignore_errors=True)
    if len(ours) < rounds:
        return [], [f"install left out: {lock.name} could not be installed; is there a network?"]
    notes = [f"install: uv, empty cache, median and range of {rounds} rounds, the network included"]
    both = len(theirs) == rounds
    if not both:
        notes.append(f"peer left out: {peer or 'none named'} could not be installed")
    name = peer if both else ""
    return [
        figures.median_metric(
            "install", "seconds", [each[0] for each in ours], None, name, [each[0] for each in theirs if both], 1
        ),
        figures.median_metric(
            "install_size", "MB", [each[1] for each in ours], MEGABYTES, name, [each[1] for each in theirs if both], 1
        ),
    ], notes


def main() -> None:
    """The command line."""
    lock = ROOT / "requirements" / "core.lock"
    parser = figures.options(__doc__, "the lock file of --install (default: requirements/core.lock)", data=lock)
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="starts of each command")
    parser.add_argument("--install", action="store_true", help="measure the install too; needs a network")
    parser.add_argument("--install-rounds", type=int, default=3)
    parser.add_argument("--peer", default="litellm", help="a requirement to install beside ours; '' for none")
    chosen = parser.parse_args()
    metrics, notes = (
        start_metrics(chosen.rounds),
        [f"median and range of {chosen.rounds} starts; nothing is random: the seed is not used"],
    )
    if chosen.install:
        more, said = install_metrics(chosen.data, chosen.peer, chosen.install_rounds)
        metrics, notes = metrics + more, notes + said
    else:
        notes.append("install seconds and size are measured with --install only")
    packages = ("tailorbird", "duckdb", "numpy", "sqlalchemy", "starlette", "uvicorn", "pydantic", "typer", "uv")
    rows = chosen.rounds
    figures.show(
        figures.report("cold_start", chosen.data.name, rows, chosen.seed, packages, metrics, notes), chosen.json
    )


if __name__ == "__main__":
    main()
