"""Who may be written to."""

import pytest

from tailorbird.stages.audiences.eligibility import is_address, judge_eligibility
from tailorbird.types.profile import Profile

YES = {"email_marketing": True}


def person(person_id: str, email: str | None = "a@b.example", **consents: bool) -> Profile:
    return Profile(person_id, consents=consents, email=email)


def test_the_first_reason_counts_and_unmatched_people_have_none() -> None:
    people = [
        person("refused", email_marketing=False),
        person("silent"),
        person("suppressed", email_marketing=True),
        person("capped", email_marketing=True),
        person("no_mail", email=None, email_marketing=True),
        person("fine", email_marketing=True),
        person("unmatched", email_marketing=False),
        person("everything", email=None),
    ]
    got = judge_eligibility(
        people,
        [True] * 6 + [False, True],
        "email_marketing",
        {},
        frozenset({"suppressed", "everything", "no_mail_either"}),
        {"capped": 3, "fine": 2, "everything": 9},
        3,
    )
    assert got.reasons == ["no_consent", "no_consent", "suppressed", "capped", "no_address", "", "", "no_consent"]
    assert got.eligible == [False] * 5 + [True, False, False]
    assert got.excluded == {"no_consent": 3, "suppressed": 1, "capped": 1, "no_address": 1}
    assert got.matched == got.count + sum(got.excluded.values())


def test_a_project_default_serves_only_those_who_never_spoke() -> None:
    people = [person("silent"), person("refused", email_marketing=False)]
    got = judge_eligibility(people, [True, True], "email_marketing", YES, frozenset(), {}, 1)
    assert got.eligible == [True, False]


@pytest.mark.parametrize(
    "email",
    [
        "a@b.example",
        "first.last+tag@sub.shop.co.uk",
        "13085@customers.example",
        "o'brien@mail.example",
        "a@xn--bcher-kva.example",
    ],
)
def test_a_plain_address_is_one(email: str) -> None:
    assert is_address(email)


@pytest.mark.parametrize(
    "email",
    [
        None, "", "a", "a@", "@b.example", "a@b", "a b@c.example", "a@b..example", ".a@b.example", "a.@b.example",
        "a@b.example\r\nBcc: x@y.example", "a\x00@b.example", "a@b.example\n", "a@-b.example", "a@b_c.example",
        "<a@b.example>", "a@b.example, c@d.example", "a@[127.0.0.1]", "a@127.0.0.1", "é@b.example",
        "x" * 65 + "@b.example", "a@" + "b" * 64 + ".example", "a@" + ".".join(["bbbbbbbbb"] * 26) + ".example",
    ],
)  # fmt: skip
def test_what_is_no_plain_address_is_refused(email: str | None) -> None:
    assert not is_address(email)
