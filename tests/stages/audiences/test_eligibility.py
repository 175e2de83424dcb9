"""Who may be written to."""

from tailorbird.stages.audiences.eligibility import judge_eligibility, keep_one_per_address, mailbox_hash
from tailorbird.types.profile import Profile

YES = {"email_marketing": True}


def person(person_id: str, email: str | None = "own", **consents: bool) -> Profile:
    return Profile(person_id, consents=consents, email=f"{person_id}@b.example" if email == "own" else email)


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
        "email",
        frozenset({"suppressed", "everything", "no_mail_either"}),
        {"capped": 3, "fine": 2, "everything": 9},
        3,
    )
    assert got.reasons == ["no_consent", "no_consent", "suppressed", "capped", "no_address", "", "", "no_consent"]
    assert got.eligible == [False] * 5 + [True, False, False]
    assert got.excluded == {"no_consent": 3, "suppressed": 1, "capped": 1, "no_address": 1}
    assert got.matched == got.count + sum(got.excluded.values())


def test_consent_is_asked_for_the_channel() -> None:
    people = [
        Profile("both", consents={"email_marketing": True}, email="a@b.example"),
        Profile("no_mail", consents={"email_marketing": True, "email_marketing:email": False}, email="b@b.example"),
        Profile("mail", consents={"email_marketing": False, "email_marketing:email": True}, email="c@b.example"),
    ]
    got = judge_eligibility(people, [True] * 3, "email_marketing", "email", frozenset(), {}, 1)
    assert got.eligible == [True, False, True]


def test_an_address_is_suppressed_with_any_person_who_has_it() -> None:
    people = [person("left", "Ana@b.example", email_marketing=True), person("other", "ana@B.example", **YES)]
    got = judge_eligibility(people, [False, True], "email_marketing", "email", frozenset({"left"}), {}, 1)
    assert got.reasons == ["", "suppressed"]
    nowhere = [person("left", None, **YES), person("other", None, **YES)]
    assert judge_eligibility(nowhere, [True] * 2, "email_marketing", "email", frozenset({"left"}), {}, 1).reasons == [
        "suppressed",
        "no_address",
    ]


def test_messages_to_one_address_count_together() -> None:
    people = [person("a", "x@b.example", **YES), person("b", "X@b.example", **YES), person("c", "own", **YES)]
    got = judge_eligibility(people, [True] * 3, "email_marketing", "email", frozenset(), {"a": 1, "b": 1, "c": 1}, 2)
    assert got.reasons == ["capped", "capped", ""]


def test_one_person_is_kept_for_each_address() -> None:
    people = [person("b", "X@b.example"), person("a", "x@b.example"), person("c")]
    assert keep_one_per_address(people, [0, 1, 2]) == [1, 2]
    assert keep_one_per_address(people, [0, 2]) == [0, 2]
    assert keep_one_per_address(people, [0, 1, 2], {"b"}) == [0, 2]


def test_a_mailbox_that_opted_out_is_closed_to_whoever_has_the_address_now() -> None:
    people = [person("new", "A@x.org", mail=True), person("b", "b@x.org", mail=True)]
    closed = frozenset({mailbox_hash("a@X.org ")})
    judged = judge_eligibility(people, [True, True], "mail", "email", frozenset(), {}, 3, closed)
    assert list(judged.reasons) == ["suppressed", ""]
