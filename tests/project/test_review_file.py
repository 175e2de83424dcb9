"""policies/review.yaml: mistakes are told with file, line, field and the mend."""

from pathlib import Path

import pytest

from tailorbird.project.errors import ProjectError
from tailorbird.project.review_file import read_review
from tailorbird.types.review_policy import SampleSpec

GOOD = """\
people:
  ana: {roles: [creative], also: [ana@shop.example]}
  lea:
    roles: [legal]
first: 5
sample: {share: 0.1}
"""


def write(root: Path, text: str) -> Path:
    (root / "policies").mkdir(exist_ok=True)
    (root / "policies" / "review.yaml").write_text(text)
    return root


def test_a_project_without_the_file_has_no_policy(tmp_path: Path) -> None:
    assert read_review(tmp_path) is None


def test_a_policy_is_read_with_the_standard_s_defaults(tmp_path: Path) -> None:
    policy = read_review(write(tmp_path, GOOD))
    assert policy is not None
    assert (policy.first, policy.sample, policy.due_hours) == (5, SampleSpec(0.1, 30), 24)
    assert policy.legal == ("finance", "health", "price", "minors")
    assert (policy.named(" ANA@shop.example"), policy.named("Lea"), policy.named("bob")) == ("ana", "lea", None)
    everything = read_review(write(tmp_path, GOOD.replace("first: 5", "first: all")))
    assert everything is not None and everything.first == "all"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changed", "line", "field", "words"),
    [
        (("first: 5", "first: -1"), 5, "first", "must be 0 or more, or all"),
        (("share: 0.1", "share: 1.5"), 6, "sample.share", "must be a share from 0 to 1"),
        (("{share: 0.1}", "{minimum: -2}"), 6, "sample.minimum", "must be 0 or more"),
        (("first: 5", "due_hours: 0"), 5, "due_hours", "must be 1 or more"),
        (("first: 5", "frist: 5"), 5, "frist", "did you mean 'first'?"),
        (("roles: [creative]", "roles: [creativ]"), 2, "people.ana.roles.0", "creative"),
        (("roles: [creative]", "roles: []"), 2, "people.ana.roles", "at least one role"),
        (("roles: [creative]", "roles: [data]"), 1, "people", "nobody has a role that reviews"),
        (("roles: [legal]", "roles: [ops]"), 1, "people", "nobody has the role legal"),
        (("first: 5", "reviewers: []"), 5, "reviewers", "at least one role"),
        (("  lea:\n", "  ANA:\n"), 3, "people.ANA", "is ana's name too"),
        (("ana@shop.example", "Lea"), 3, "people.lea", "a name is one person's"),
        (("  lea:\n", '  " ":\n'), 3, "people. ", "is no name"),
        (("first: 5", "legal_words: {price: no}"), 5, "legal_words.price", "must be a list"),
    ],
)
def test_mistakes_are_told_with_their_place(
    tmp_path: Path, changed: tuple[str, str], line: int, field: str, words: str
) -> None:
    with pytest.raises(ProjectError) as told:
        read_review(write(tmp_path, GOOD.replace(*changed)))
    assert (told.value.line, told.value.field) == (line, field)
    assert words in told.value.message and told.value.file.endswith("policies/review.yaml")


def test_one_person_alone_cannot_sign_legal_lines(tmp_path: Path) -> None:
    alone = "people:\n  ana: {roles: [creative, legal]}\n"
    with pytest.raises(ProjectError, match="needs two people"):
        read_review(write(tmp_path, alone))
    assert read_review(write(tmp_path, alone + "legal: []\n")) is not None
