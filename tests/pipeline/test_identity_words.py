"""What operators say of identities."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.pipeline.identities import read_identities
from tailorbird.pipeline.identity_report import explain_identity
from tailorbird.pipeline.identity_words import IdentityError, Recorded, merge_people, split_people
from tailorbird.pipeline.people import open_views, read_profiles
from tailorbird.testing.state import MemorySuppressions
from tailorbird.types.event import Event
from tailorbird.types.profile import Profile

pytestmark = pytest.mark.slow

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
WHY = ("ana", "wrote that both are hers")


class Shop:
    """A log of three users, and an operator."""

    def __init__(self, folder: Path) -> None:
        self.log, self.suppressions = SegmentLog(folder / "events"), MemorySuppressions()
        for number, user in enumerate("abc"):
            self.say(f"i{number}", user, -9, {"email_marketing": True}, email=f"{user}@x.example")

    def say(self, message_id: str, user: str, hour: float, consents: dict[str, bool], **traits: str) -> None:
        at = NOW + timedelta(hours=hour)
        self.log.append([Event("identify", message_id, at, at, user, traits={**traits, "consents": consents})])

    def update(self, message_id: str, user: str, hour: float, **consents: bool) -> None:
        at = NOW + timedelta(hours=hour)
        said = Event("track", message_id, at, at, user, None, "Consent Updated", {"consents": consents})
        left = Event("track", f"{message_id}-left", at, at, user, None, "Unsubscribed")
        self.log.append([said, left])

    def views(self) -> DuckdbWarehouse:
        warehouse = DuckdbWarehouse(threads=1)
        open_views(warehouse, self.log)
        return warehouse

    def profiles(self) -> dict[str, Profile]:
        return {profile.person_id: profile for profile in read_profiles(self.views())}

    def merge(self, kept: str, other: str, hour: float = 0) -> Recorded:
        return merge_people(self.views(), self.log, kept, other, *WHY, NOW + timedelta(hours=hour))

    def split(self, one: str, other: str, hour: float = 1) -> Recorded:
        moment = NOW + timedelta(hours=hour)
        return split_people(self.views(), self.log, self.suppressions, one, other, *WHY, moment, ["email"])


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def test_a_merge_joins_and_its_split_parts_and_both_can_be_followed(shop: Shop) -> None:
    before = shop.profiles()
    assert shop.merge("a", "b").people == [("a", "b")]
    assert shop.profiles().keys() == {"a", "c"}
    assert shop.split("b", "a").people == [("b",), ("a",)]
    assert shop.profiles() == before
    assert read_identities(shop.views()).people.person_of == {}
    told = explain_identity(shop.views(), "b", 5)
    assert (told["person_id"], told["ids"]) == ("b", ["b"])
    (link,), (split,) = told["links"], told["splits"]
    assert (link["kind"], link["by"], link["reason"], link["counts"]) == ("merge", *WHY, False)
    assert link["why_not"] == "split at 2026-06-01 10:00 by ana"
    assert (sorted(split["ids"]), split["at"], split["by"]) == (["a", "b"], "2026-06-01 10:00:00", "ana")


def test_after_a_split_the_same_two_can_be_merged_again_even_if_the_clock_went_back(shop: Shop) -> None:
    shop.merge("a", "b", 5)
    assert shop.split("a", "b", -5).at > NOW + timedelta(hours=5)
    assert shop.profiles().keys() == {"a", "b", "c"}
    shop.merge("a", "b", -6)
    assert shop.profiles().keys() == {"a", "c"}


def test_an_alias_can_be_undone_like_a_merge(shop: Shop) -> None:
    shop.log.append([Event("alias", "x", NOW, NOW, "a", "b")])
    assert shop.profiles().keys() == {"a", "c"}
    shop.split("a", "b")
    assert shop.profiles().keys() == {"a", "b", "c"}


def test_what_cannot_be_is_refused_with_the_way_out(shop: Shop) -> None:
    with pytest.raises(IdentityError, match="no user 'nobody'"):
        shop.merge("a", "nobody")
    with pytest.raises(IdentityError, match="are not one person"):
        shop.split("a", "b")
    shop.merge("a", "b")
    shop.merge("a", "c")
    with pytest.raises(IdentityError, match="one person already"):
        shop.merge("b", "c")
    with pytest.raises(IdentityError, match="undo one of these: b → a, c → a"):
        shop.split("b", "c")
    with pytest.raises(IdentityError, match="say who decides and why"):
        merge_people(shop.views(), shop.log, "a", "b", "ana", " ", NOW)


def test_a_no_that_was_said_while_two_were_one_holds_for_both_afterwards(shop: Shop) -> None:
    shop.merge("a", "b")
    shop.update("left", "a", 0.5, email_marketing=False, personalization=True)
    assert shop.split("a", "b").carried_over == 2
    words = {person: profile.words for person, profile in shop.profiles().items()}
    assert words["a"] == {"email_marketing": False, "personalization": True}
    assert words["b"] == {"email_marketing": False}  # the yes stays with the id that said it
    assert words["c"] == {"email_marketing": True}
    assert shop.suppressions.all("email") == {"b"}


def test_a_no_from_before_a_merge_stays_with_who_said_it(shop: Shop) -> None:
    shop.update("left", "a", -1, email_marketing=False)
    shop.merge("a", "b")
    assert shop.split("a", "b").carried_over == 0
    assert shop.profiles()["b"].words == {"email_marketing": True}
