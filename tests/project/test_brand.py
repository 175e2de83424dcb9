"""The brand folder."""

from collections.abc import Callable
from typing import Any

from tailorbird.project.brand import read_approved, read_brand, read_voice
from tailorbird.project.errors import ProjectError
from tailorbird.project.project import load_project

Reads = Callable[[Callable[[], object]], ProjectError]


def test_the_brand_is_read_whole(folder: Any) -> None:
    brand = read_brand(folder.root / "brand", load_project(folder.root).settings)
    assert brand.voice == {"en-GB": "Plain words."}
    assert [line.id for line in brand.approved] == ["one", "two"]
    assert brand.disallowed["*"] == ("!",)
    assert brand.vocabulary == {"en-GB": frozenset({"kettle"})}
    assert brand.legal["en-GB"]["why"] == "You asked for it."


def test_a_voice_without_sections_says_how_to_write_one(folder: Any, read_error: Reads) -> None:
    path = folder.write("brand/voice.md", "Just be nice.\n")
    assert "## en-GB" in read_error(lambda: read_voice(path)).message


def test_an_id_that_is_used_twice_is_told_with_the_second_line(folder: Any, read_error: Reads) -> None:
    line = folder.replace("brand/approved.yaml", "id: two", "id: one")
    error = read_error(lambda: read_approved(folder.root / "brand" / "approved.yaml"))
    assert (error.line, error.field) == (line, "1.id")
    assert "'one' is used twice" in error.message


def test_braces_that_are_no_slot_are_told_with_the_line(folder: Any, read_error: Reads) -> None:
    line = folder.replace("brand/approved.yaml", "{{ item.name }}", "{{ item }}")
    error = read_error(lambda: read_approved(folder.root / "brand" / "approved.yaml"))
    assert (error.line, error.field) == (line, "0.text")
    assert "not a slot" in error.message
