import asyncio
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from tailorbird.adapters.segments import group_commit
from tailorbird.adapters.segments.group_commit import GroupCommit
from tailorbird.ports.event_log import EventLogError
from tailorbird.testing.event_log_conformance import sample_event
from tailorbird.types.event import Event


class SlowLog:
    """Counts appends, each of which waits until it is let go; fails when told to."""

    def __init__(self) -> None:
        self.groups: list[list[str]] = []
        self.go = threading.Semaphore(0)
        self.failing = False
        self.closed = False

    def append(self, events: Sequence[Event]) -> int:
        self.go.acquire(timeout=5)
        if self.failing:
            raise EventLogError("full")
        self.groups.append([event.message_id for event in events])
        return len(events)

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


def test_requests_that_come_during_a_sync_share_the_next_one() -> None:
    async def scenario(log: SlowLog) -> None:
        commit = GroupCommit(log)
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


def test_everybody_in_a_failed_group_is_told_and_the_next_group_goes_on() -> None:
    async def scenario(log: SlowLog) -> list[BaseException | None]:
        commit = GroupCommit(log)
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


def test_a_client_that_goes_away_while_waiting_harms_nobody() -> None:
    async def scenario(log: SlowLog) -> None:
        commit = GroupCommit(log)
        tasks = [asyncio.create_task(commit.append([sample_event(n)])) for n in range(2)]
        await begun(tasks)
        tasks[0].cancel()
        log.go.release()
        await tasks[1]
        await commit.close()

    log = SlowLog()
    asyncio.run(scenario(log))
    assert log.groups == [["e0", "e1"]]


def test_a_log_that_is_far_behind_refuses_more(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(log: SlowLog) -> None:
        commit = GroupCommit(log)
        task = asyncio.create_task(commit.append([sample_event(0)]))
        await begun([task])
        with pytest.raises(EventLogError, match="behind by 1 events"):
            await commit.append([sample_event(1)])
        log.go.release()
        await task
        await commit.close()

    monkeypatch.setattr(group_commit, "WAITING_EVENTS_MAX", 1)
    asyncio.run(scenario(SlowLog()))


def test_a_large_backlog_is_cut_into_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(log: SlowLog) -> None:
        commit = GroupCommit(log)
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
