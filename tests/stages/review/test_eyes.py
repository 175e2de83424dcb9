"""Four eyes: nobody approves what they had a hand in, and nobody gives two approvals of one line."""

import pytest

from tailorbird.stages.review.eyes import choose_sign_off, gives, roles_of, same_person
from tailorbird.types.review import ReviewAct
from tailorbird.types.review_policy import Reviewer, ReviewPolicy

POLICY = ReviewPolicy(
    {
        "Ana": Reviewer(("creative",), also=("ana@shop.example",)),
        "Lea": Reviewer(("legal",)),
        "Max": Reviewer(("creative", "legal")),
        "Dan": Reviewer(("data",)),
        "Ada": Reviewer(("admin",)),
    }
)
BOTH = ("reviewer", "legal")


def signed(by: str, role: str) -> ReviewAct:
    return ReviewAct("c", "h", "approve", by, role, "", "2026-06-01T00:00:00+00:00")


def sign(by: str, needs: tuple[str, ...] = BOTH, authors: tuple[str, ...] = (), *acts: ReviewAct) -> tuple[str, str]:
    return choose_sign_off(by, roles_of(by, POLICY), needs, authors, acts, POLICY)


@pytest.mark.parametrize("author", ["Ana", " ANA ", "ana@shop.example", "Ana@Shop.Example"])
def test_an_author_approves_nothing_of_theirs_under_whichever_name(author: str) -> None:
    assert sign("Ana", ("reviewer",), (author,)) == ("", "Ana had a hand in this line; somebody else approves it")
    assert sign("Ana", ("reviewer",), ("somebody else",)) == ("reviewer", "")


def test_a_legal_line_takes_two_people_even_where_one_has_both_roles() -> None:
    assert sign("Max") == ("legal", ""), "the rarer approval comes first"
    need, why = sign("Max", ("reviewer",), (), signed("Max", "legal"))
    assert need == "" and "approved this text already, as legal" in why
    assert sign("Ana", ("reviewer",), (), signed("Max", "legal")) == ("reviewer", "")


def test_who_has_no_role_that_is_missing_is_told_whose_approval_it_is() -> None:
    assert "that of legal" in sign("Ana", ("legal",))[1]
    assert "that of a reviewer (creative, ops, admin)" in sign("Lea", ("reviewer",))[1]
    assert "Dan is data" in sign("Dan")[1]
    assert sign("Ada") == ("reviewer", ""), "an administrator reviews, and is no lawyer"
    assert sign("Ada", ("legal",))[0] == ""


def test_a_key_gives_no_more_than_the_roles_it_was_made_for() -> None:
    assert roles_of("Max", POLICY, ("creative",)) == ("creative",)
    assert roles_of("Max", POLICY, ("admin",)) == ()
    assert roles_of("nobody", POLICY) == ()


def test_without_a_policy_file_anybody_else_reviews() -> None:
    assert roles_of("anybody", None) == ("reviewer",)
    assert gives("reviewer", (), None) and not gives("legal", (), None)
    assert choose_sign_off("eve", ("reviewer",), ("reviewer",), ("Eve",), (), None)[0] == ""
    assert choose_sign_off("eve", ("reviewer",), ("reviewer",), ("bob",), (), None)[0] == "reviewer"
    assert same_person("Eve ", "eve", None) and not same_person("eve", "ana", None)
