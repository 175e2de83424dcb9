"""Names of reviewers, and texts that they write."""

import pytest

from tailorbird.pipeline.review.judge import ReviewError
from tailorbird.pipeline.review.person import TEXT_MAX, NotAllowedError, Person, find_person, readable

from .conftest import POLICY


def test_a_person_is_named_as_the_policy_spells_them_with_the_roles_of_their_key() -> None:
    assert find_person(POLICY, " ANA@wren.example ") == Person("Ana", ("creative",))
    assert find_person(POLICY, "Max", ("legal", "admin")) == Person("Max", ("legal",))
    assert find_person(None, " eve ") == Person("eve", ("reviewer",))
    with pytest.raises(NotAllowedError, match="did you mean 'Ben'"):
        find_person(POLICY, "Benn")


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 201, "a\x00", "\udcff"])
def test_what_is_no_name_is_one_error(name: str) -> None:
    with pytest.raises(ReviewError):
        find_person(None, name)


def test_a_remark_keeps_its_lines_and_loses_what_nobody_sees() -> None:
    assert readable(" one\ntwo\x00\u200b\udcff\x1b[2J ") == "one\ntwo[2J"
    assert len(readable("x" * 9000)) == TEXT_MAX
