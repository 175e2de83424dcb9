"""One address, several people."""

from collections.abc import Sequence

from tailorbird.pipeline.address_mates import AddressMates
from tailorbird.testing.state import MemorySuppressions
from tailorbird.types.profile import Profile

PEOPLE = {
    name: Profile(name, email=email)
    for name, email in (("ana", "a@x.org"), ("anna", "A@X.org"), ("ben", "b@x.org"), ("nobody", None))
}


def test_a_no_from_one_owner_of_an_address_holds_for_the_other() -> None:
    suppressions = MemorySuppressions()
    said: set[str] = set()

    def withdrawn(people: Sequence[str]) -> frozenset[str]:
        return frozenset(said) & frozenset(people)

    mates = AddressMates(PEOPLE, withdrawn, suppressions, "email")
    assert mates(["ana", "ben", "nobody"]) == frozenset()
    suppressions.add("anna", "email", "unsubscribed", "2026-06-01")
    assert mates(["ana", "ben"]) == {"ana"}
    said.add("ben")
    assert mates(["ben"]) == {"ben"}


def test_consent_withdrawn_by_a_mate_counts_too() -> None:
    mates = AddressMates(PEOPLE, lambda people: frozenset({"anna"}) & frozenset(people), MemorySuppressions(), "email")
    assert mates(["ana"]) == {"ana"}
