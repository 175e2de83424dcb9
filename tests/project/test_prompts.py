"""Prompt files: front matter, two sections, versions and labels."""

from collections.abc import Callable
from typing import Any

import pytest

from tailorbird.project.errors import ProjectError
from tailorbird.project.prompts import read_prompt, read_prompts

Reads = Callable[[Callable[[], object]], ProjectError]
BODY = "\n## system\n\nWrite.\n\n## user\n\nNow.\n"


def test_a_prompt_is_read_with_its_version_and_settings(folder: Any) -> None:
    prompt = read_prompt(folder.root / "prompts" / "subject" / "v1.md")
    assert (prompt.name, prompt.version, prompt.examples, prompt.labels) == ("subject", 1, 3, ("production",))
    assert (prompt.system, prompt.user) == ("Write.", "Now.")
    assert prompt.path == "prompts/subject/v1.md"
    assert prompt.authors == ()


def test_a_prompt_says_who_wrote_it(folder: Any) -> None:
    path = folder.root / "prompts" / "subject" / "v2.md"
    path.write_text("---\nauthors: [ana, ben@shop.example]\n---\n" + BODY)
    assert read_prompt(path).authors == ("ana", "ben@shop.example")


@pytest.mark.parametrize(
    ("front", "line", "word"),
    [
        ("examples: many", 2, "valid integer"),
        ("labels: [a]\nexamples: many", 3, "valid integer"),
        ("examples: [1", 2, "not YAML"),
        ("- examples", 2, "key: value"),
        ("- {a: 1}", 2, "key: value"),
        ("7", 2, "key: value"),
        ("1: 2", 2, "unknown key"),
        ("labels: [a]\nexampels: 2", 3, "'examples'"),
    ],
)
def test_wrong_front_matter_is_told_with_its_line(
    folder: Any, read_error: Reads, front: str, line: int, word: str
) -> None:
    path = folder.write("prompts/subject/v1.md", f"---\n{front}\n---\n{BODY}")
    error = read_error(lambda: read_prompt(path))
    assert error.file == str(path)
    assert error.line is not None and line <= error.line <= line + 1
    assert word in error.message


@pytest.mark.parametrize(("old", "name"), [("## system", "system"), ("## user", "user"), ("Now.", "user")])
def test_both_sections_must_be_there(folder: Any, read_error: Reads, old: str, name: str) -> None:
    folder.replace("prompts/subject/v1.md", old, "")
    assert read_error(lambda: read_prompt(folder.root / "prompts" / "subject" / "v1.md")).field == name


def test_a_prompt_without_front_matter_says_how_to_begin(folder: Any, read_error: Reads) -> None:
    path = folder.write("prompts/subject/v1.md", BODY)
    assert "'---'" in read_error(lambda: read_prompt(path)).message


def test_a_file_of_another_name_is_told(folder: Any, read_error: Reads) -> None:
    path = folder.write("prompts/subject/new.md", f"---\n---\n{BODY}")
    assert "v1.md" in read_error(lambda: read_prompt(path)).message


def test_the_version_labelled_production_runs_else_the_highest(folder: Any) -> None:
    folder.write("prompts/subject/v2.md", f"---\nexamples: 4\n---\n{BODY}")
    assert read_prompts(folder.root / "prompts")["subject"].version == 1
    folder.replace("prompts/subject/v1.md", "labels: [production]\n", "")
    assert read_prompts(folder.root / "prompts")["subject"].version == 2


def test_two_production_versions_are_refused(folder: Any, read_error: Reads) -> None:
    folder.write("prompts/subject/v2.md", f"---\nlabels: [production]\n---\n{BODY}")
    assert "keep one" in read_error(lambda: read_prompts(folder.root / "prompts")).message


def test_an_empty_prompt_folder_is_told(folder: Any, read_error: Reads) -> None:
    (folder.root / "prompts" / "body").mkdir()
    assert "v1.md" in read_error(lambda: read_prompts(folder.root / "prompts")).message
