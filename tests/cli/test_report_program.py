"""All campaigns against the holdout of all, on the example shop and its command line."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tailorbird import bootstrap
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.project.project import load_project
from tailorbird.stages.events.segment_wire import read_event

pytestmark = pytest.mark.slow

DECIDED = datetime(2026, 6, 1, tzinfo=UTC)


def hold_out(root: Path, share: float) -> None:
    settings = root / "tailorbird.yaml"
    settings.write_text(settings.read_text() + f"\nexperiments:\n  global_holdout: {share}\n  global_salt: wren\n")


def let_order(root: Path, program: float, held: float) -> None:
    """Whoever was decided for orders once in the next weeks with these probabilities, by who is held out of all."""
    rng = np.random.default_rng(4)
    project = load_project(root)
    log = SegmentLog(root / ".tailorbird" / "events")
    for number, one in enumerate(bootstrap.open_state(project).decisions.find("win_back")):
        if rng.random() < (held if one.held == "global" else program):
            at = DECIDED + timedelta(days=float(rng.uniform(0.1, 20)))
            order = {
                "type": "track", "event": "Order Completed", "userId": one.person_id, "messageId": f"planted-{number}",
                "timestamp": at.isoformat(), "properties": {"order_id": f"planted-{number}", "total": 30.0},
            }  # fmt: skip
            log.append_lines([read_event("track", json.dumps(order).encode(), at).events])
    log.close()


@pytest.fixture
def held(tailorbird: Any, shop: Any) -> Any:
    """The shop after a run that held out a third of all."""
    hold_out(shop.root, 0.33)
    assert tailorbird("run", shop.root, "win_back", "--no-model").code == 0
    return shop


def test_the_program_is_read_in_words_in_json_and_as_a_page(tailorbird: Any, held: Any) -> None:
    let_order(held.root, 0.8, 0.35)
    said = tailorbird("report", held.root, "--program", "--json").json
    decided = bootstrap.open_state(held.project).decisions.find("win_back")
    assert said["held"]["people"] + said["program"]["people"] == len({one.person_id for one in decided})
    assert said["verdict"] == "better", said["sentence"]
    orders = said["metrics"][0]
    assert orders["effect"]["low"] > 0 and orders["effect"]["low"] < 0.45 < orders["effect"]["high"]
    assert said["shares"][0]["share"] == 0.33 and said["shares"][0]["recorded"]
    page = Path(said["report"]).read_text()
    assert said["sentence"] in page and "SIMULATED CUSTOMERS" in page
    told = tailorbird("report", held.root, "--program").out
    assert told.startswith(f"(simulated) {said['sentence']}") and "orders per person: " in told and "in all +" in told


def test_without_an_effect_there_is_none_and_a_shorter_period_has_its_own_page(tailorbird: Any, held: Any) -> None:
    let_order(held.root, 0.5, 0.5)
    said = tailorbird("report", held.root, "--program", "--json").json
    assert said["verdict"] == "no_difference", said["sentence"]
    part = tailorbird("report", held.root, "--program", "--since", "2026-06-08", "--until", "2026-06-15", "--json").json
    assert part["program"]["orders"] < said["program"]["orders"]
    assert "since-2026-06-0" in part["report"] and Path(said["report"]).exists()


def test_three_people_held_out_are_refused_with_what_it_takes(tailorbird: Any, shop: Any) -> None:
    hold_out(shop.root, 0.012)
    assert tailorbird("run", shop.root, "win_back", "--no-model").code == 0
    let_order(shop.root, 0.5, 0.5)
    said = tailorbird("report", shop.root, "--program", "--json").json
    assert 0 < said["held"]["people"] < 10 and said["verdict"] == "too_few"
    assert "people held out" in said["sentence"] and said["metrics"][0]["effect"] is None


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--program"], "no campaign has held anybody out of all campaigns yet"),
        (["win_back", "--program"], "leave 'win_back' out"),
        (["--program", "--plant-lift", "0.1"], "are of one campaign"),
        (["win_back", "--since", "2026-06-01"], "--since is for --program"),
        (["--program", "--since", "soon"], "no ISO date"),
    ],
)
def test_what_cannot_be_read_is_one_clear_error(tailorbird: Any, ran_root: Any, words: list[str], told: str) -> None:
    assert told in tailorbird("report", ran_root, *words).error


def test_a_period_that_ends_in_the_future_is_refused_where_people_are_real(tailorbird: Any, ran: Any) -> None:
    settings = ran.root / "tailorbird.yaml"
    settings.write_text(settings.read_text().replace("simulated: true", "simulated: false"))
    assert "lies ahead" in tailorbird("report", ran.root, "--program", "--until", "2999-01-01").error
