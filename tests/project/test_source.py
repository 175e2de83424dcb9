"""Reading YAML into types, with the line of what is wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tailorbird.project.errors import ProjectError
from tailorbird.project.source import line_of, nearest, parse, plain, read_text, read_yaml
from tailorbird.types.audience import AudienceRule
from tailorbird.types.brand import ApprovedLine

Reads = Callable[[Callable[[], object]], ProjectError]


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / "a.yaml"
        path.write_text(text)
        return path

    return write


def test_a_file_becomes_its_type(file: Callable[[str], Path]) -> None:
    rule: AudienceRule = parse(file("name: a\nall: [{feature: f, at_least: 2}]\n"), AudienceRule)
    assert rule.all[0].at_least == 2


def test_a_wrong_value_is_told_with_what_was_found(file: Callable[[str], Path], read_error: Reads) -> None:
    path = file("name: a\nall:\n  - feature: f\n    at_least: lots\n")
    error = read_error(lambda: parse(path, AudienceRule))
    assert (error.line, error.field) == (4, "all.0.at_least")
    assert "'lots'" in error.message


def test_a_key_that_stands_twice_is_told_with_its_line(file: Callable[[str], Path], read_error: Reads) -> None:
    error = read_error(lambda: parse(file("name: a\nname: b\n"), AudienceRule))
    assert error.line is not None and "not YAML" in error.message and "name" in error.message


def test_the_nearest_name_is_looked_for_among_the_keys_of_the_inner_type(
    file: Callable[[str], Path], read_error: Reads
) -> None:
    path = file("- {id: a, block: b, locale: c, text: d, exempler: true}\n")
    assert "'exemplar'" in read_error(lambda: parse(path, tuple[ApprovedLine, ...])).message


@pytest.mark.parametrize("text", ["", "# only a comment\n"])
def test_an_empty_file_lacks_its_first_key(file: Callable[[str], Path], read_error: Reads, text: str) -> None:
    error = read_error(lambda: parse(file(text), AudienceRule))
    assert (error.field, error.message) == ("name", "this key is missing; add it")


def test_a_control_character_is_one_error(file: Callable[[str], Path], read_error: Reads) -> None:
    assert "not YAML" in read_error(lambda: read_yaml(file("name: a\x01b\n"))).message


def test_a_folder_in_a_files_place_is_one_error(tmp_path: Path, read_error: Reads) -> None:
    assert "cannot be read" in read_error(lambda: read_text(tmp_path)).message


def test_a_line_is_that_of_the_deepest_part_that_is_there(file: Callable[[str], Path]) -> None:
    tree = read_yaml(file("a:\n  b:\n    - c\n    - d\n"))
    places: dict[tuple[str | int, ...], int] = {
        ("a",): 1, ("a", "b"): 2, ("a", "b", 1): 4, ("a", "b", 9): 2, ("a", "x"): 1
    }  # fmt: skip
    assert {place: line_of(tree, place) for place in places} == places


def test_plain_values_have_text_keys(file: Callable[[str], Path]) -> None:
    assert plain(read_yaml(file("1: [a, {2: b}]\n"))) == {"1": ["a", {"2": "b"}]}


def test_nearest_suggests_or_lists_or_says_nothing() -> None:
    assert nearest("subjct", ["subject", "body"]) == "; did you mean 'subject'?"
    assert nearest("zzz", ["subject", "body"]) == "; valid: body, subject"
    assert nearest("zzz", []) == ""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("&a\n- *a\n", "an alias that holds itself"),
        ("a: " + "9" * 5000 + "\n", "not YAML"),
        ("[" * 300 + "]" * 300, "nested"),
        (
            "a: &a [x,x,x,x,x,x,x,x,x]\n"
            + "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)),
            "once its aliases are written out",
        ),
    ],
)
def test_a_file_that_would_fill_the_memory_or_the_stack_is_one_error(
    file: Callable[[str], Path], read_error: Reads, text: str, words: str
) -> None:
    path = file(text)
    assert words in read_error(lambda: read_yaml(path)).message


@dataclass(frozen=True)
class Numbers:
    count: int = 0
    share: float = 0
    flag: bool = False
    any_of: str | float | bool = ""


@pytest.mark.parametrize("line", ["count: true", "share: .nan", "share: -.inf", "share: false", "any_of: .inf"])
def test_what_only_looks_like_a_number_is_refused_with_its_line(
    file: Callable[[str], Path], read_error: Reads, line: str
) -> None:
    path = file(f"# one\n{line}\n")
    error = read_error(lambda: parse(path, Numbers))
    assert (error.line, error.field) == (2, line.split(":")[0])
    assert parse(file("flag: true\nany_of: true\n"), Numbers) == Numbers(flag=True, any_of=True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("- a\n", "must be a block of keys and values"),
        ("name: x\nall: 3\n", "must be a list"),
        ("name: [x]\n", "must be text"),
    ],
)
def test_another_shape_is_told_in_the_words_of_the_file(
    file: Callable[[str], Path], read_error: Reads, text: str, words: str
) -> None:
    path = file(text)
    assert read_error(lambda: parse(path, AudienceRule)).message.startswith(words)
