"""The thread that empties queues while the server runs."""

import time
from pathlib import Path
from typing import Any

import pytest

from tailorbird.adapters.segments.words_watch import WordsWatch
from tailorbird.ports.event_log import EventLogError
from tailorbird.web import emptying
from tailorbird.web.emptying import EmptyingLoop


class Told:
    """Stands for an emptier, and says what was asked of it."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.waits, self.trouble = True, False

    def is_waiting(self) -> bool:
        if self.trouble:
            self.trouble = False
            raise EventLogError("the database is busy")
        return self.waits

    def empty(self) -> int:
        self.calls.append("everybody")
        return 0

    def follow(self) -> int:
        self.calls.append("concerned")
        return 1


def over(told: Any, root: Path) -> EmptyingLoop:
    return EmptyingLoop(told, WordsWatch(root), every_s=0.001)


def say(root: Path, text: str) -> None:
    with (root / "1.jsonl").open("a") as file:
        file.write(text + "\n")


def test_nothing_is_looked_at_while_nothing_waits(tmp_path: Path) -> None:
    told = Told()
    told.waits = False
    loop = over(told, tmp_path)
    say(tmp_path, "Consent Updated")
    assert loop.turn() == 0 and told.calls == []


def test_everybody_comes_first_then_those_who_spoke_and_again_everybody_of_a_new_queue(tmp_path: Path) -> None:
    told = Told()
    loop = over(told, tmp_path)
    say(tmp_path, "Consent Updated")
    loop.turn()
    assert told.calls == ["everybody"]
    loop.turn()
    say(tmp_path, "Product Viewed")
    loop.turn()
    assert told.calls == ["everybody"]
    say(tmp_path, "Consent Updated")
    assert loop.turn() == 1
    assert loop.turn() == 0
    told.waits = False
    loop.turn()
    told.waits = True
    loop.turn()
    assert told.calls == ["everybody", "concerned", "everybody"]


def test_what_the_watch_does_not_know_is_found_by_and_by(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = Told()
    monkeypatch.setattr(emptying, "EVERYBODY_EVERY_S", 0.0)
    loop = over(told, tmp_path)
    loop.turn()
    time.sleep(0.01)
    loop.turn()
    assert told.calls == ["everybody"]  # the log did not grow
    say(tmp_path, "Order Completed")
    loop.turn()
    assert told.calls == ["everybody", "everybody"]


def test_the_thread_outlives_trouble(tmp_path: Path) -> None:
    told = Told()
    told.trouble = True
    loop = over(told, tmp_path)
    loop.start()
    until = time.monotonic() + 10
    while not told.calls and time.monotonic() < until:
        time.sleep(0.005)
    loop.stop()
    assert told.calls[0] == "everybody"
