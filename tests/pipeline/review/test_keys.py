"""Keys of the review API stand for one person each, and are kept as hashes."""

from dataclasses import replace
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.pipeline.review.judge import ReviewError
from tailorbird.pipeline.review.keys import PREFIX, digest_of, make_key, revoke_keys

from .conftest import NOON, POLICY


@pytest.fixture
def desk(opened: Any, tmp_path: Any) -> Any:
    project = replace(opened.project, root=tmp_path, review=POLICY)
    return project, bootstrap.open_reviewer_keys(project), bootstrap.open_recorder(project)


def make(desk: Any, name: str, roles: tuple[str, ...]) -> Any:
    return make_key(desk[0], desk[1], desk[2], name, roles, NOON)


def test_a_key_is_told_once_and_found_by_its_hash_alone(desk: Any, tmp_path: Any) -> None:
    key, kept = make(desk, "max", ())
    other, _ = make(desk, "max", ())
    assert key.startswith(PREFIX) and len(key) > 40 and key != other
    assert (kept.name, kept.roles) == ("Max", ("creative", "legal"))
    assert desk[1].find(digest_of(key)) == kept
    for path in (tmp_path / ".tailorbird").rglob("*"):
        assert not path.is_file() or key.encode() not in path.read_bytes()


def test_a_key_gives_some_of_the_person_s_roles_and_no_other(desk: Any) -> None:
    assert make(desk, "Max", ("legal",))[1].roles == ("legal",)
    for name, roles, words in (
        ("Max", ("admin",), "does not give Max the role 'admin'"),
        ("Max", ("leagl",), "there is no role 'leagl'; did you mean 'legal'"),
        ("Mac", (), "names no 'Mac'; did you mean 'Max'"),
        (" ", (), "a reviewer's name"),
        ("a\nb", (), "a reviewer's name"),
    ):
        with pytest.raises(ReviewError, match=words):
            make(desk, name, roles)


def test_keys_of_a_person_end_together_and_both_are_audited(desk: Any) -> None:
    key, _ = make(desk, "Max", ())
    assert (revoke_keys(desk[1], desk[2], "Max", NOON), revoke_keys(desk[1], desk[2], "Max", NOON)) == (1, 0)
    found = desk[1].find(digest_of(key))
    assert found is not None and found.revoked_at
    audit = bootstrap.open_audit(desk[0])
    kinds = [row.kind for row in audit.rows()]
    assert kinds[:2] == ["reviewer key made", "reviewer keys revoked"]


def test_without_a_policy_file_a_key_has_the_roles_that_it_is_given(desk: Any) -> None:
    free = replace(desk[0], review=None)
    assert make((free, *desk[1:]), "eve", ("legal", "legal"))[1].roles == ("legal",)
