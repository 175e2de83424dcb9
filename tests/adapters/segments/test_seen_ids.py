from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.adapters.segments.seen_ids import SeenIds
from tailorbird.testing.event_log_conformance import sample_event


@given(st.lists(st.lists(st.integers(0, 30), max_size=20), max_size=5))
def test_each_id_is_new_once(appends: list[list[int]]) -> None:
    seen, known = SeenIds(), set[str]()
    for numbers in appends:
        fresh, hashes = seen.unseen([sample_event(n) for n in numbers])
        expected = list(dict.fromkeys(f"e{n}" for n in numbers if f"e{n}" not in known))
        assert [event.message_id for event in fresh] == expected
        known.update(expected)
        seen.add(hashes)


def test_ids_are_not_remembered_before_they_are_added() -> None:
    seen = SeenIds()
    for _ in range(2):
        fresh, _ = seen.unseen([sample_event(1)])
        assert len(fresh) == 1


def test_ids_of_sealed_and_of_growing_segments_are_known(tmp_path: Path) -> None:
    log, growing = SegmentLog(tmp_path / "a"), SegmentLog(tmp_path / "b")
    log.append([sample_event(n) for n in range(1000)])
    growing.append([sample_event(1001)])
    seen = SeenIds()
    seen.load(list(log.seal()), [*(tmp_path / "b").glob("*.jsonl"), tmp_path / "gone.jsonl"])
    fresh, _ = seen.unseen([sample_event(n) for n in range(1003)])
    assert [event.message_id for event in fresh] == ["e1000", "e1002"]
    growing.close()


def test_the_id_of_a_damaged_line_is_not_taken_and_lines_after_it_are(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path)
    log.append([sample_event(1)])
    (segment,) = tmp_path.glob("*.jsonl")
    whole = segment.read_bytes()
    segment.write_bytes(b'{"message_id":"e2"}\ndamage\n' + whole)
    seen = SeenIds()
    seen.load([], [segment])
    fresh, _ = seen.unseen([sample_event(n) for n in (1, 2)])
    assert [event.message_id for event in fresh] == ["e2"]
    log.close()
