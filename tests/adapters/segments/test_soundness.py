"""What counts in a segment."""

import json
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.adapters.segments.soundness import check_parquet, read_error, sound_id, sound_line
from tailorbird.ports.event_log import EventLogError
from tailorbird.testing.event_log_conformance import sample_event


def test_a_whole_line_of_an_event_gives_its_id() -> None:
    line = msgspec.json.encode(sample_event(1)) + b"\n"
    assert sound_id(line) == "e1"
    assert sound_id(line[:-2] + b"\n") is None


def test_a_line_is_sealed_in_one_form_whatever_its_sender_wrote() -> None:
    line = msgspec.json.encode(replace(sample_event(1), properties={"a": 2, "b": 1.5})) + b"\n"
    spaced = line.replace(b'{"a":2,"b":1.5}', b'{ "a":1, "a": 2,"b":1.50 }')
    assert spaced != line and sound_line(spaced) == sound_line(line)
    assert json.loads(sound_line(line) or b"") == json.loads(line)


def test_a_line_that_cannot_be_written_anew_is_sealed_as_it_stands_and_damage_is_none() -> None:
    line = msgspec.json.encode(sample_event(1)) + b"\n"
    odd = line.replace(b'"traits":{}', b'"traits":[1e400]')
    assert odd != line and sound_line(odd) == odd
    assert sound_line(line[:-2] + b"\n") is None


def test_a_file_that_begins_but_does_not_end_as_parquet_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "1.parquet"
    path.write_bytes(b"PAR1 and then nothing more")
    with pytest.raises(EventLogError, match=r"1\.parquet is damaged: move it out of "):
        check_parquet([path])


def test_the_first_file_that_cannot_be_read_is_named_and_sound_files_are_not(tmp_path: Path) -> None:
    log = SegmentLog(tmp_path)
    log.append([sample_event(1)])
    (sound,) = log.seal()
    assert read_error([sound]) is None
    bad = tmp_path / "2.parquet"
    bad.write_bytes(b"PAR1")
    assert "2.parquet is damaged" in str(read_error([sound, bad]))
