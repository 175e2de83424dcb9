"""One address, several people."""

from collections.abc import Mapping, Sequence

from tailorbird.pipeline.address_mates import AddressMates
from tailorbird.stages.audiences.eligibility import MAILBOX, mailbox_hash
from tailorbird.testing.state import MemorySuppressions
from tailorbird.types.decision import Arm
from tailorbird.types.profile import Profile

PEOPLE = {
    name: Profile(name, email=email)
    for name, email in (("ana", "a@x.org"), ("anna", "A@X.org"), ("ben", "b@x.org"), ("nobody", None))
}


def mates_of(arms: Mapping[str, Arm], *said_no: str, suppressions: MemorySuppressions | None = None) -> AddressMates:
    def withdrawn(people: Sequence[str]) -> frozenset[str]:
        return frozenset(said_no) & frozenset(people)

    return AddressMates(PEOPLE, withdrawn, suppressions or MemorySuppressions(), "email", arms)


def test_a_no_from_one_owner_of_an_address_holds_for_the_other() -> None:
    suppressions = MemorySuppressions()
    mates = mates_of({"ana": "treatment"}, suppressions=suppressions)
    assert mates.refuse(["ana", "ben", "nobody"]) == {}
    suppressions.add("anna", "email", "unsubscribed", "2026-06-01")
    assert mates.refuse(["ana", "ben"]).keys() == {"ana"}
    assert mates_of({}, "ben").refuse(["ben"]).keys() == {"ben"}
    assert mates_of({"ana": "treatment"}, "anna").refuse(["ana"]).keys() == {"ana"}


def test_a_mailbox_that_opted_out_is_closed_to_whoever_has_the_address_now() -> None:
    suppressions = MemorySuppressions()
    suppressions.add(mailbox_hash("B@x.org"), MAILBOX, "unsubscribed", "2026-06-01")
    assert mates_of({}, suppressions=suppressions).refuse(["ana", "ben"]).keys() == {"ben"}


def test_the_address_of_a_person_who_is_held_out_gets_nothing() -> None:
    refused = mates_of({"ana": "treatment", "anna": "holdout"}).refuse(["ana"])
    assert "held out" in refused["ana"]


def test_of_two_messages_that_came_to_one_address_one_is_left() -> None:
    refused = mates_of({"ana": "treatment", "anna": "treatment", "ben": "treatment"}).refuse(["ana", "anna", "ben"])
    assert refused.keys() == {"anna"}
