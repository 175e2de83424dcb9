"""Links between users, resolved to people."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.identity.links import judge_links, resolve_links
from tailorbird.types.identity import IdentityLink, IdentitySplit, LinkKind, People

START = datetime(2026, 1, 1, tzinfo=UTC)


def link(source: str, target: str, hour: int = 0, kind: LinkKind = "alias") -> IdentityLink:
    at = START + timedelta(hours=hour)
    return IdentityLink(kind, source, target, at, at)


def merge(source: str, target: str, hour: int = 0) -> IdentityLink:
    return link(source, target, hour, "merge")


def split(one: str, other: str, hour: int) -> IdentitySplit:
    return IdentitySplit(one, other, START + timedelta(hours=hour), "ana")


def names(people: People) -> dict[str, tuple[str, ...]]:
    return dict(people.ids_of)


def test_the_target_of_a_link_is_the_id_that_survives() -> None:
    assert names(resolve_links([link("old", "new")], [])) == {"new": ("new", "old")}
    assert resolve_links([link("a", "b", 1), link("b", "c", 0)], []).person_of == {"a": "c", "b": "c", "c": "c"}


def test_an_id_has_one_alias_at_a_time_so_that_a_device_named_at_two_sign_ups_joins_nobody() -> None:
    people = resolve_links([link("kiosk", "ana", 1), link("kiosk", "ben", 2)], [])
    assert names(people) == {"ben": ("ben", "kiosk")}
    why = [judged.idle for judged in judge_links([link("kiosk", "ana", 1), link("kiosk", "ben", 2)], [])]
    assert why == ["a later alias calls kiosk ben", ""]


def test_merges_join_everybody_they_name() -> None:
    assert names(resolve_links([merge("b", "a", 1), merge("b", "c", 2)], [])) == {"c": ("a", "b", "c")}


def test_a_loop_of_aliases_ends_as_one_person() -> None:
    loop = [link("a", "b", 1), link("b", "a", 2)]
    assert names(resolve_links(loop, [])) == {"b": ("a", "b")}
    assert [judged.idle for judged in judge_links(loop, [])] == ["", "already one person"]
    three = [link("a", "b", 1), link("b", "c", 2), link("c", "a", 3), link("a", "a", 4)]
    assert names(resolve_links(three[:3], [])) == {"c": ("a", "b", "c")}


def test_a_split_undoes_what_was_said_up_to_its_moment_and_nothing_later() -> None:
    assert names(resolve_links([merge("b", "a", 1)], [split("a", "b", 2)])) == {}
    assert names(resolve_links([merge("b", "a", 1), link("b", "a", 3)], [split("b", "a", 2)])) == {"a": ("a", "b")}
    (judged,) = judge_links([merge("b", "a", 1)], [split("a", "b", 2)])
    assert judged.idle == "split at 2026-01-01 02:00 by ana"


def test_a_split_gives_back_the_alias_that_the_undone_one_had_replaced() -> None:
    links = [link("a", "b", 1), link("a", "c", 2)]
    assert names(resolve_links(links, [split("a", "c", 3)])) == {"b": ("a", "b")}


IDS = st.sampled_from("abcdef")
LINKS = st.lists(
    st.builds(link, IDS, IDS, st.integers(0, 9), st.sampled_from(["alias", "merge", "match"])).filter(
        lambda each: each.source != each.target
    ),
    max_size=12,
)
SPLITS = st.lists(st.builds(split, IDS, IDS, st.integers(0, 9)), max_size=3)


@pytest.mark.slow
@given(LINKS, SPLITS, st.randoms(use_true_random=False))
def test_any_order_of_the_links_gives_the_same_people(links: Any, splits: Any, random: Any) -> None:
    people = resolve_links(links, splits)
    random.shuffle(links)
    random.shuffle(splits)
    assert resolve_links(links, splits) == people
    assert resolve_links(links + links, splits + splits).person_of == people.person_of


@pytest.mark.slow
@given(LINKS, IDS, IDS)
def test_people_are_a_partition_whose_names_are_ids_of_theirs(links: list[IdentityLink], a: str, b: str) -> None:
    people = resolve_links(links, [])
    assert sorted(each for ids in people.ids_of.values() for each in ids) == sorted(people.person_of)
    for person, ids in people.ids_of.items():
        assert person in ids and len(ids) > 1
        assert all(people.person_of[each] == person for each in ids)


@pytest.mark.slow
@given(LINKS, IDS, IDS)
def test_a_merge_and_its_split_leave_the_people_as_they_were(links: list[IdentityLink], a: str, b: str) -> None:
    before = resolve_links([each for each in links if {each.source, each.target} != {a, b}], [])
    undone = [*links, merge(a, b, 10)] if a != b else links
    assert resolve_links(undone, [split(a, b, 11)]) == before


@pytest.mark.slow
def test_a_chain_of_many_aliases_is_resolved_in_a_moment() -> None:
    chain = [link(str(n), str(n + 1), n) for n in range(20_000)]
    assert resolve_links(chain, []).person_of["0"] == "20000"
