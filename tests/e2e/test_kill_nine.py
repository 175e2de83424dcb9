"""`kill -9` of a run at any moment, then the same command: everybody gets what was decided, once."""

import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.pipeline.run import STEPS, run_id
from tailorbird.project.project import Project, load_project
from tailorbird.types.decision import Decision

KILLS = 20
KILLS_MAX = 32
CAMPAIGN = "win_back"
PHASES = {"prepare": STEPS[:6], "stitch": ("stitch",), "deliver": ("deliver",)}
COMMAND = [str(Path(sys.executable).with_name("tailorbird")), "run", "--no-model"]

# What to wait for on standard error (None: nothing), and how long the random wait after it may be, in seconds.
MOMENTS: list[tuple[str | None, float]] = [
    (None, 1.2), ("features", 0.0), ("audience", 0.05), ("briefs", 0.05), ("review", 0.2), ("decide", 0.3),
    ("decide", 0.3), ("stitch", 0.2), ("stitch", 0.3),
]  # fmt: skip


@dataclass
class Trial:
    """A copy of the shop whose run is killed again and again until it comes to its end."""

    project: Project
    suppressed: list[str]
    capped: list[str]

    def finished_steps(self) -> list[str]:
        wanted = run_id(self.project.settings.name, CAMPAIGN, "1")
        runs = bootstrap.open_state(self.project).ledger.runs(CAMPAIGN)
        done: dict[str, Any] = next((run["steps"] for run in runs if run["run_id"] == wanted), {})
        return [step for step in STEPS if step in done]

    def run_and_kill(self, line: str | None, wait: float) -> bool:
        """Start the run, wait for a step's line and then `wait` seconds, and kill it; False if it ended before."""
        process = subprocess.Popen([*COMMAND, str(self.project.root), CAMPAIGN], stderr=subprocess.PIPE, text=True)
        assert process.stderr is not None
        for told in process.stderr if line else ():
            if told.startswith(str(line)):
                break
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        process.stderr.close()
        return process.wait() == -signal.SIGKILL

    def run_to_the_end(self) -> None:
        done = subprocess.run([*COMMAND, str(self.project.root), CAMPAIGN], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr


def sent_events(project: Project) -> Counter[str]:
    """How many 'Email Sent' events each person has, duplicates by id included."""
    log, warehouse = bootstrap.open_log(project), bootstrap.open_warehouse(project)
    try:
        warehouse.attach("segments", log.seal())
    finally:
        log.close()
    return Counter(person for (person,) in warehouse.rows("SELECT user_id FROM segments WHERE event = 'Email Sent'"))


def addressees(project: Project) -> Counter[str]:
    """How many .eml files each address has; every file must be whole."""
    found: Counter[str] = Counter()
    for path in (project.state_dir / "outbox").glob("*.eml"):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert message["DKIM-Signature"] and message.get_body(("html",)) is not None
        found[message["X-Tailorbird-Message"]] += 1
    return found


def check_everybody(trial: Trial) -> None:
    project = trial.project
    state = bootstrap.open_state(project)
    decided = state.decisions.find(CAMPAIGN, "1")
    treated = {d.person_id: d.decision_id for d in decided if d.arm == "treatment"}
    held = {d.person_id for d in decided if d.arm == "holdout"}
    assert treated and held and not set(treated) & held
    assert not (set(treated) | held) & {*trial.suppressed, *trial.capped}
    assert sent_events(project) == Counter(dict.fromkeys(treated, 1))
    by_message = {name: state.messages.find(name) for name in addressees(project)}
    owners = Counter(row.person_id for row in by_message.values() if row is not None)
    assert owners == Counter(dict.fromkeys(treated, 1))
    assert dict(state.outbox.counts(CAMPAIGN, "1")) == {"sent": len(treated)}
    assert all(state.traces.get(name) is not None for name in by_message)
    assert not list((project.state_dir / "outbox").glob(".*.part*"))


def prepare(shop: Project, ran_root: Path, root: Path) -> Trial:
    """A fresh shop in which five people are suppressed and five have had as much mail as is allowed."""
    shutil.copytree(shop.root, root)
    project = replace(shop, root=root)
    before = bootstrap.open_state(replace(shop, root=ran_root)).decisions.find(CAMPAIGN, "1")
    people = [d for d in before if d.arm == "treatment"]
    trial = Trial(project, [d.person_id for d in people[:5]], [d.person_id for d in people[5:10]])
    state = bootstrap.open_state(project)
    for person in trial.suppressed:
        state.suppressions.add(person, "email", "unsubscribed", "2026-05-01")
    allowed = project.campaign(CAMPAIGN).caps.messages
    state.decisions.save([
        Decision(f"d_{person}_{n}", "other", str(n), person, "treatment", people[0].decided_at, (), "", "", "", "")
        for person in trial.capped
        for n in range(allowed)
    ])  # fmt: skip
    return trial


@pytest.mark.e2e
@pytest.mark.slow
def test_a_run_that_is_killed_at_twenty_moments_sends_everybody_exactly_one_message(
    filled: Path, ran_root: Path, tmp_path: Path
) -> None:
    shop = load_project(filled)
    random, seen, kills, copies = Random(20), Counter[str](), 0, 0
    while kills < KILLS or (set(PHASES) - {p for p, steps in PHASES.items() if seen.keys() & set(steps)}):
        assert kills < KILLS_MAX, f"the kills did not span the run: {dict(seen)}"
        trial = prepare(shop, ran_root, tmp_path / f"copy{copies}")
        copies += 1
        for line, longest in sorted(random.sample(MOMENTS, 6), key=MOMENTS.index):
            wait = random.random() * longest
            if not trial.run_and_kill(line, wait):
                break
            finished = trial.finished_steps()
            died_in = next((step for step in STEPS if step not in finished), "after the end")
            kills, seen[died_in] = kills + 1, seen[died_in] + 1
            files = len(list((trial.project.state_dir / "outbox").glob("*.eml")))
            print(
                f"kill {kills}: {wait:.3f} s after {line or 'the start'}; in {died_in}; finished {finished}; {files} sent"
            )
            if kills == KILLS:
                break
        trial.run_to_the_end()
        check_everybody(trial)
    print(f"{kills} kills in {dict(seen)}")
