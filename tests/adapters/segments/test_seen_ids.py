from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.adapters.segments.seen_ids import SeenIds
from tailorbird.testing.event_log_conformance import sample_event


def hashes_of(*numbers: int) -> list[int]:
    return [hash(f"e{n}") for n in numbers]


@given(st.lists(st.tuples(st.lists(st.integers(0, 30), max_size=20), st.booleans()), max_size=6))
def test_an_id_is_new_until_it_is_added_and_known_for_ever_after(appends: list[tuple[list[int], bool]]) -> None:
    seen, told, places = SeenIds(), set[int](), dict[int, int]()
    for offset, (numbers, finish) in enumerate(appends):
        hashes = hashes_of(*numbers)
        assert seen.are_new(hashes) == (len(set(numbers)) == len(numbers) and not told & set(numbers))
        assert seen.known(hashes) == [n in told for n in numbers]
        fresh = set(numbers) - told
        seen.add(hashes_of(*fresh), offset)
        told |= fresh
        places.update(dict.fromkeys(fresh, offset))
        if finish:
            seen.settle()
            places.clear()
        assert [seen.place(value) for value in hashes_of(*range(31))] == [places.get(n) for n in range(31)]


def test_ids_of_sealed_and_of_growing_segments_are_known(tmp_path: Path) -> None:
    log, growing = SegmentLog(tmp_path / "a"), SegmentLog(tmp_path / "b")
    log.append([sample_event(n) for n in range(1000)])
    growing.append([sample_event(1001)])
    seen = SeenIds()
    seen.load(list(log.seal()), [*(tmp_path / "b").glob("*.jsonl"), tmp_path / "gone.jsonl"])
    known = seen.known(hashes_of(*range(1003)))
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
    assert seen.known(hashes_of(1, 2)) == [True, False]
    log.close()
