"""Users with one address."""

from datetime import UTC, datetime, timedelta

from tailorbird.stages.identity.matches import Matched, group_links, match_links, matched_of

START = datetime(2026, 1, 1, tzinfo=UTC)


def said(hour: int = 0, **traits: object) -> dict[str, tuple[datetime, object]]:
    return {name: (START + timedelta(hours=hour), value) for name, value in traits.items()}


def test_only_a_verified_address_matches_unless_the_project_says_otherwise() -> None:
    told = said(email="Ana@X.example", phone="020 7946 0018", country="GB")
    assert matched_of(told, ("email", "phone"), True) == ()
    unchecked = matched_of(told, ("email", "phone"), False)
    assert [(each.field, each.value) for each in unchecked] == [("email", "ana@x.example"), ("phone", "+442079460018")]
    assert matched_of(told, ("phone",), False) == unchecked[1:]
    assert matched_of({**told, **said(1, emailVerified=True)}, ("email", "phone"), True) == (
        Matched("email", "ana@x.example", START + timedelta(hours=1)),
    )


def test_a_word_that_came_before_the_address_does_not_verify_it_nor_does_a_text() -> None:
    assert matched_of({**said(1, emailVerified=True), **said(2, email="a@x.example")}, ("email",), True) == ()
    assert matched_of(said(email="a@x.example", emailVerified="true"), ("email",), True) == ()
    assert matched_of(said(email="no address", emailVerified=True), ("email",), True) == ()


def test_everybody_with_an_address_is_linked_to_the_smallest_id_and_too_many_to_nobody() -> None:
    users = {"c": START, "a": START + timedelta(hours=2), "b": START}
    links = group_links("email", users, 3)
    assert [(link.source, link.target, link.at.hour, link.reason) for link in links] == [
        ("b", "a", 2, "equal email"),
        ("c", "a", 2, "equal email"),
    ]
    assert group_links("email", users, 2) == group_links("email", {"a": START}, 3) == []


def test_equal_values_of_different_fields_do_not_match() -> None:
    both = [
        ("a", Matched("email", "x", START)),
        ("b", Matched("phone", "x", START)),
        ("c", Matched("email", "x", START)),
    ]
    assert [(link.source, link.target) for link in match_links(both, 5)] == [("c", "a")]
