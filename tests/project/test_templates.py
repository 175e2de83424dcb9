"""Template folders."""

from collections.abc import Callable
from typing import Any

from tailorbird.project.errors import ProjectError
from tailorbird.project.templates import read_template, read_templates

Reads = Callable[[Callable[[], object]], ProjectError]


def test_a_template_is_read_with_lines_and_words(folder: Any) -> None:
    template = read_templates(folder.root / "templates")["letter"]
    assert template.lines["body"]["en-GB"] == "A letter."
    assert template.words["en-GB"]["hello"] == "Hello"


def test_any_change_of_a_template_changes_its_digest(folder: Any) -> None:
    before = read_template(folder.root / "templates" / "letter").digest
    folder.replace("templates/letter/words.yaml", "Hello", "Hi")
    assert read_template(folder.root / "templates" / "letter").digest != before


def test_a_line_with_stray_braces_is_told_with_its_line(folder: Any, read_error: Reads) -> None:
    line = folder.replace("templates/letter/lines.yaml", "A letter.", "'{{ oops'")
    error = read_error(lambda: read_template(folder.root / "templates" / "letter"))
    assert (error.line, error.field) == (line, "body.en-GB")


def test_a_folder_without_a_text_part_names_the_file(folder: Any, read_error: Reads) -> None:
    (folder.root / "templates" / "letter" / "message.txt").unlink()
    assert read_error(lambda: read_template(folder.root / "templates" / "letter")).file.endswith("message.txt")
