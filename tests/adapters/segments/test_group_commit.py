import asyncio
import json
import threading
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tailorbird.adapters.files.quarantine import FolderQuarantine
from tailorbird.adapters.segments import group_commit
from tailorbird.adapters.segments.group_commit import GroupCommit
from tailorbird.adapters.segments.log import SegmentLog, event_lines
from tailorbird.adapters.segments.tally import read_tally
from tailorbird.ports.event_log import EventLogError
from tailorbird.ports.quarantine import QuarantineError
from tailorbird.testing.event_log_conformance import NOON, logged_ids, sample_event
from tailorbird.testing.state import FixedClock
from tailorbird.types.event import Appended, Event, EventLines
from tailorbird.types.quarantined import CONFLICT, INTAKE, quarantine


class SlowLog:
    """Counts appends, each of which waits until it is let go; fails when told to."""

    def __init__(self) -> None:
        self.groups: list[list[str]] = []
        self.go = threading.Semaphore(0)
        self.failing = False
        self.closed = False

    def append(self, events: Sequence[Event]) -> int:
        raise AssertionError

    def append_lines(self, blocks: Sequence[EventLines]) -> Appended:
        self.go.acquire(timeout=5)
        if self.failing:
            raise EventLogError("full")
        ids = [one for block in blocks for one in block.message_ids]
        self.groups.append(ids)
        return Appended(len(ids), 0)

    def adopt(self, segment: Path) -> None:
        raise AssertionError

    def seal(self) -> Sequence[Path]:
        return []

    def close(self) -> None:
        self.closed = True


async def begun(tasks: list[asyncio.Task[None]]) -> None:
    for _ in range(3):
        await asyncio.sleep(0)
    assert not any(task.done() for task in tasks)


def test_requests_that_come_during_a_sync_share_the_next_one(tmp_path: Path) -> None:
    async def scenario(log: SlowLog) -> None:
        commit = GroupCommit(log, FolderQuarantine(tmp_path), FixedClock(NOON))
        first = asyncio.create_task(commit.append([sample_event(0)]))
        await begun([first])
        others = [asyncio.create_task(commit.append([sample_event(n)])) for n in range(1, 51)]
        await begun(others)
        log.go.release()
        await first
        log.go.release()
        await asyncio.gather(*others)
        await commit.append([])
        await commit.close()

    log = SlowLog()
    asyncio.run(scenario(log))
    assert log.groups == [["e0"], [f"e{n}" for n in range(1, 51)]]
    assert log.closed


def test_everybody_in_a_failed_group_is_told_and_the_next_group_goes_on(tmp_path: Path) -> None:
    async def scenario(log: SlowLog) -> list[BaseException | None]:
        commit = GroupCommit(log, FolderQuarantine(tmp_path), FixedClock(NOON))
        log.failing = True
        tasks = [asyncio.create_task(commit.append([sample_event(n)])) for n in range(3)]
        await begun(tasks)
        log.go.release()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        log.failing = False
        log.go.release()
        await commit.append([sample_event(9)])
        await commit.close()
        return results

    log = SlowLog()
    results = asyncio.run(scenario(log))
    assert [type(result) for result in results] == [EventLogError] * 3
    assert log.groups == [["e9"]]


def test_a_client_that_goes_away_while_waiting_harms_nobody(tmp_path: Path) -> None:
    async def scenario(log: SlowLog) -> None:
        commit = GroupCommit(log, FolderQuarantine(tmp_path), FixedClock(NOON))
        tasks = [asyncio.create_task(commit.append([sample_event(n)])) for n in range(2)]
        await begun(tasks)
        tasks[0].cancel()
        log.go.release()
        await tasks[1]
        await commit.close()

    log = SlowLog()
    asyncio.run(scenario(log))
    assert log.groups == [["e0", "e1"]]


def test_a_log_that_is_far_behind_refuses_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(log: SlowLog) -> None:
        commit = GroupCommit(log, FolderQuarantine(tmp_path), FixedClock(NOON))
        task = asyncio.create_task(commit.append([sample_event(0)]))
        await begun([task])
        with pytest.raises(EventLogError, match="behind by 1 events"):
            await commit.append([sample_event(1)])
        log.go.release()
        await task
        await commit.close()

    monkeypatch.setattr(group_commit, "WAITING_EVENTS_MAX", 1)
    asyncio.run(scenario(SlowLog()))


def test_a_large_backlog_is_cut_into_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(log: SlowLog) -> None:
        commit = GroupCommit(log, FolderQuarantine(tmp_path), FixedClock(NOON))
        tasks = [asyncio.create_task(commit.append([sample_event(2 * n), sample_event(2 * n + 1)])) for n in range(3)]
        await begun(tasks)
        for _ in range(3):
            log.go.release()
        await asyncio.gather(*tasks)
        await commit.close()

    monkeypatch.setattr(group_commit, "GROUP_EVENTS_MAX", 4)
    log = SlowLog()
    asyncio.run(scenario(log))
    assert [len(group) for group in log.groups] == [4, 2]


def test_what_was_refused_and_what_conflicts_is_in_quarantine_before_the_answer(tmp_path: Path) -> None:
    async def scenario() -> None:
        store = FolderQuarantine(tmp_path / "quarantine")
        commit = GroupCommit(SegmentLog(tmp_path / "events"), store, FixedClock(NOON))
        refused = quarantine(INTAKE, "/v1/batch", "no id", "{}", NOON)
        await commit.append_lines(EventLines((), b""), [refused])
        assert list(store.rows()) == [refused]
        await commit.append([sample_event(1)])
        await commit.append([sample_event(1)])  # The same again is no conflict.
        assert list(store.rows()) == [refused]
        await commit.append([replace(sample_event(1), event="Other")])
        (conflict,) = [row for row in store.rows() if row.reason == CONFLICT]
        assert json.loads(conflict.body)["event"] == "Other"
        await commit.close()

    asyncio.run(scenario())
    assert read_tally(tmp_path / "events") == (2, 1)


def test_a_quarantine_that_cannot_be_written_is_told_to_those_whose_events_go_there(tmp_path: Path) -> None:
    async def scenario() -> None:
        (tmp_path / "file").write_text("")
        commit = GroupCommit(SegmentLog(tmp_path / "events"), FolderQuarantine(tmp_path / "file"), FixedClock(NOON))
        with pytest.raises(QuarantineError):
            await commit.append_lines(
                event_lines([sample_event(1)]), [quarantine(INTAKE, "/v1/batch", "no id", "{}", NOON)]
            )
        await commit.append([sample_event(1), sample_event(2)])
        await commit.close()

    asyncio.run(scenario())
    assert logged_ids(SegmentLog(tmp_path / "events")) == ["e1", "e2"]
