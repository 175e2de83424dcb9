"""Proposals as a file."""

from pathlib import Path

import pytest

from tailorbird.cli.proposals import ProposalsError, read_proposals, write_proposals
from tailorbird.types.identity import DuplicateProposal

PROPOSALS = [
    DuplicateProposal("a", "b, c", 0.99, ("email", "phone")),
    DuplicateProposal('say "hi"', "ü", 0.5, ()),
]


def test_what_was_written_is_read_without_the_lines_that_were_struck(tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    write_proposals(path, PROPOSALS)
    assert read_proposals(path) == PROPOSALS
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([lines[0], "", lines[2]]), encoding="utf-8")
    assert read_proposals(path) == PROPOSALS[1:]
    assert [each.name for each in tmp_path.iterdir()] == ["pairs.csv"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("", "line 1: the columns must be one,other,probability,equal"),
        ("a,b\n", "line 1: the columns"),
        ("one,other,probability,equal\na,b,high,\n", "line 2: it is no proposal"),
        ("one,other,probability,equal\na,b\n", "line 2: it is no proposal"),
    ],
)
def test_another_file_is_refused_with_its_line(tmp_path: Path, content: str, why: str) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text(content)
    with pytest.raises(ProposalsError, match=why):
        read_proposals(path)


def test_a_file_that_is_not_there_or_cannot_be_written_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(ProposalsError, match="cannot be read: No such file"):
        read_proposals(tmp_path / "none.csv")
    with pytest.raises(ProposalsError, match="cannot be written"):
        write_proposals(tmp_path / "no" / "pairs.csv", PROPOSALS)
