from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tailorbird.adapters.segments.id_sidecar import (
    fingerprint,
    read_fingerprints,
    sidecar_of,
    sorted_fingerprints,
    sweep_sidecars,
)
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.testing.event_log_conformance import sample_event
from tailorbird.types.person import Person

IDS = [f"e{n}" for n in range(300)]


@pytest.fixture
def segment(tmp_path: Path) -> Path:
    """A sealed segment of IDS, with its sidecar."""
    log = SegmentLog(tmp_path)
    log.append([sample_event(n) for n in range(300)])
    log.close()
    (path,) = log.seal()
    assert not sidecar_of(path).exists()
    assert read_fingerprints(path).tolist() == sorted_fingerprints(IDS).tolist()
    assert sidecar_of(path).exists()
    return path


def test_a_fingerprint_is_the_same_in_every_process() -> None:
    assert [fingerprint("e1"), fingerprint("Grüße")] == [0x88D8D278C96C256, 0xFBD3707143971590]


def test_with_a_sidecar_nobody_reads_the_segment(segment: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise AssertionError("the segment is read")

    monkeypatch.setattr(duckdb, "connect", fail)
    assert read_fingerprints(segment).tolist() == sorted_fingerprints(IDS).tolist()
    sidecar_of(segment).unlink()
    with pytest.raises(AssertionError, match="is read"):
        read_fingerprints(segment)


@pytest.mark.slow
@pytest.mark.parametrize(
    "spoil",
    [
        lambda whole: b"",
        lambda whole: whole[:5],
        lambda whole: whole[:40],
        lambda whole: whole[:-8],
        lambda whole: whole[:-1],
        lambda whole: whole + b"\0" * 8,
        lambda whole: bytes(len(whole)),
        lambda whole: whole[:100] + bytes([whole[100] ^ 1]) + whole[101:],
        lambda whole: whole[:8] + bytes([whole[8] ^ 1]) + whole[9:],
        lambda whole: b"x" + whole[1:],
    ],
)
def test_a_torn_or_damaged_sidecar_is_made_anew(segment: Path, spoil: Callable[[bytes], bytes]) -> None:
    whole = sidecar_of(segment).read_bytes()
    sidecar_of(segment).write_bytes(spoil(whole))
    assert read_fingerprints(segment).tolist() == sorted_fingerprints(IDS).tolist()
    assert sidecar_of(segment).read_bytes() == whole


@pytest.mark.slow
def test_a_sidecar_of_another_state_of_its_segment_is_made_anew(segment: Path, tmp_path: Path) -> None:
    other = SegmentLog(tmp_path / "other")
    other.append([sample_event(n) for n in range(500, 700)])
    other.close()
    (newer,) = other.seal()
    newer.rename(segment)
    assert read_fingerprints(segment).tolist() == sorted_fingerprints(f"e{n}" for n in range(500, 700)).tolist()
    log = SegmentLog(tmp_path)
    assert log.append([sample_event(1), sample_event(600)]) == 1
    log.close()


@pytest.mark.slow
def test_an_erasure_rewrites_the_sidecar_with_the_segment(segment: Path, tmp_path: Path) -> None:
    held = sidecar_of(segment).read_bytes()
    gone = fingerprint("e7").to_bytes(8, "little")
    assert gone in held
    log = SegmentLog(tmp_path)
    assert log.erase(Person("p", event_ids=frozenset({"e7"}))) == 1
    left = sidecar_of(segment).read_bytes()
    assert gone not in left and len(left) == len(held) - 8
    assert read_fingerprints(segment).tolist() == sorted_fingerprints(one for one in IDS if one != "e7").tolist()
    assert sidecar_of(segment).read_bytes() == left


@pytest.mark.slow
def test_a_segment_that_is_erased_whole_leaves_no_sidecar(segment: Path, tmp_path: Path) -> None:
    everything = Person("p", event_ids=frozenset(IDS))
    assert SegmentLog(tmp_path).erase(everything) == 300
    assert [path for path in tmp_path.iterdir() if path.is_file() and path.stat().st_size] == []
    assert not list(tmp_path.glob("*.ids"))


def test_a_sidecar_without_its_segment_is_swept(segment: Path) -> None:
    sweep_sidecars(segment.parent)
    assert sidecar_of(segment).exists()
    unfinished = segment.with_name(f".{segment.stem}.ids-1")
    unfinished.write_bytes(b"half")
    segment.rename(segment.with_suffix(".moved"))
    sweep_sidecars(segment.parent)
    assert not sidecar_of(segment).exists() and not unfinished.exists()


def test_where_no_sidecar_can_be_written_the_segment_is_read(segment: Path, caplog: pytest.LogCaptureFixture) -> None:
    sidecar_of(segment).unlink()
    (sidecar_of(segment) / "in the way").mkdir(parents=True)
    assert read_fingerprints(segment).tolist() == sorted_fingerprints(IDS).tolist()
    assert "no sidecar of" in caplog.text
    assert not list(segment.parent.glob(".*.ids-*"))


def test_a_log_that_is_opened_again_leaves_a_sidecar_for_each_sealed_segment(segment: Path, tmp_path: Path) -> None:
    sidecar_of(segment).unlink()
    log = SegmentLog(tmp_path)
    assert log.append([sample_event(299), sample_event(300)]) == 1
    assert sidecar_of(segment).exists()
    log.close()
