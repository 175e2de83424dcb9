import tempfile
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.adapters.segments.log import SegmentLog, event_lines
from tailorbird.adapters.segments.seen_ids import SeenIds
from tailorbird.testing.event_log_conformance import sample_event


def ids_of(*numbers: int) -> tuple[list[str], list[int]]:
    """Message ids, and Python's hashes of them."""
    ids = [f"e{n}" for n in numbers]
    return ids, list(map(hash, ids))


@pytest.mark.slow
@given(st.lists(st.tuples(st.lists(st.integers(0, 30), max_size=20), st.booleans()), max_size=6))
def test_an_id_is_new_until_it_is_added_and_known_for_ever_after(appends: list[tuple[list[int], bool]]) -> None:
    seen, told, places = SeenIds(), set[int](), dict[int, int]()
    for offset, (numbers, finish) in enumerate(appends):
        assert seen.are_new(*ids_of(*numbers)) == (len(set(numbers)) == len(numbers) and not told & set(numbers))
        assert seen.known(*ids_of(*numbers)) == [n in told for n in numbers]
        fresh = set(numbers) - told
        seen.add(ids_of(*fresh)[1], offset)
        told |= fresh
        places.update(dict.fromkeys(fresh, offset))
        if finish:
            seen.settle()
            places.clear()
        assert [seen.place(value) for value in ids_of(*range(31))[1]] == [places.get(n) for n in range(31)]


def test_ids_of_sealed_and_of_growing_segments_are_known(tmp_path: Path) -> None:
    log, growing = SegmentLog(tmp_path / "a"), SegmentLog(tmp_path / "b")
    log.append([sample_event(n) for n in range(1000)])
    growing.append([sample_event(1001)])
    seen = SeenIds()
    seen.load(list(log.seal()), [*(tmp_path / "b").glob("*.jsonl"), tmp_path / "gone.jsonl"])
    known = seen.known(*ids_of(*range(1003)))
    assert [n for n in range(1003) if not known[n]] == [1000, 1002]
    growing.close()


def test_the_id_of_a_damaged_line_is_not_taken_and_lines_after_it_are(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path)
    log.append([sample_event(1)])
    (segment,) = tmp_path.glob("*.jsonl")
    whole = segment.read_bytes()
    segment.write_bytes(b'{"message_id":"e2"}\ndamage\n' + whole)
    seen = SeenIds()
    seen.load([], [segment])
    assert seen.known(*ids_of(1, 2)) == [True, False]
    log.close()


def test_an_id_that_shares_a_checksum_with_one_on_disk_is_new(tmp_path: Path) -> None:
    ids = ["plumless", "buckeroo"]
    assert zlib.crc32(ids[0].encode()) == zlib.crc32(ids[1].encode())
    log = SegmentLog(tmp_path)
    log.append([replace(sample_event(1), message_id=ids[0])])
    log.close()
    assert log.seal()
    again = SegmentLog(tmp_path)
    assert again.append([replace(sample_event(1), message_id=one) for one in ids]) == 1
    again.close()


@pytest.mark.slow
@given(st.sets(st.text(min_size=1), max_size=20), st.lists(st.text(min_size=1), max_size=20))
def test_ids_that_were_on_disk_are_known_and_no_others(stored: set[str], asked: list[str]) -> None:
    seen = SeenIds()
    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "1.jsonl"
        events = [replace(sample_event(1), message_id=one) for one in stored if one.isprintable()]
        lines.write_bytes(event_lines(events).lines)
        seen.load([], [lines])
    asked += sorted(stored)
    hashes = list(map(hash, asked))
    held = {event.message_id for event in events}
    assert seen.known(asked, hashes) == [one in held for one in asked]
    assert seen.are_new(asked, hashes) == (not held & set(asked) and len(set(asked)) == len(asked))
