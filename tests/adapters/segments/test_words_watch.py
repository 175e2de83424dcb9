"""The log is watched for words at the cost of a search."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.adapters.segments.words_watch import WordsWatch
from tailorbird.types.event import Event

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def event(number: int, kind: Any = "track", name: str | None = "Product Viewed", **more: Any) -> Event:
    return Event(kind, f"e{number}", NOON, NOON, "ana", "phone", name, **more)


@pytest.fixture
def log(tmp_path: Path) -> SegmentLog:
    return SegmentLog(tmp_path)


def test_a_view_is_no_news_and_a_word_is_once(log: SegmentLog, tmp_path: Path) -> None:
    watch = WordsWatch(tmp_path)
    assert not watch.news() and not watch.grew
    log.append([event(1)])
    assert not watch.news() and watch.grew
    log.append([event(2, name="Consent Updated", properties={"consents": {"news": False}}), event(3)])
    assert watch.news() and watch.grew
    assert not watch.news() and not watch.grew


@pytest.mark.parametrize(
    "said",
    [
        event(1, "identify", None, traits={"consents": {"news": False}}),
        event(1, "identify", None),
        event(1, "alias", None),
        event(1, name="Identities Merged"),
        event(1, name="Identities Split"),
    ],
)
def test_what_joins_people_is_news_too(log: SegmentLog, tmp_path: Path, said: Event) -> None:
    watch = WordsWatch(tmp_path)
    log.append([event(0)])
    assert not watch.news()
    log.append([said])
    assert watch.news()


def test_what_was_skipped_is_no_news(log: SegmentLog, tmp_path: Path) -> None:
    log.append([event(1, "alias", None)])
    watch = WordsWatch(tmp_path)
    watch.skip()
    assert not watch.news()


def test_a_word_that_is_half_written_is_found_when_it_is_whole(tmp_path: Path) -> None:
    watch, path = WordsWatch(tmp_path), tmp_path / "1.jsonl"
    path.write_bytes(b'{"event":"Consent Up')
    assert not watch.news()
    with path.open("ab") as file:
        file.write(b'dated"}\n')
    assert watch.news()


def test_a_new_sealed_segment_is_news(log: SegmentLog, tmp_path: Path) -> None:
    watch = WordsWatch(tmp_path)
    log.append([event(1)])
    assert not watch.news()
    log.seal()
    assert watch.news() and not watch.news()
