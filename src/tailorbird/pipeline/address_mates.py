"""People who share an address: a no from one of them holds for all, and one of them at most gets a message."""

from collections.abc import Callable, Mapping, Sequence

from tailorbird.ports.suppressions import Suppressions
from tailorbird.stages.audiences.eligibility import MAILBOX, address_of, mailbox_hash
from tailorbird.types.decision import Arm
from tailorbird.types.profile import Profile


class AddressMates:
    """Who must not be written to at the moment of sending, for what was said by them, or about their address.

    `withdrawn` tells who of some people consents no longer. `arms` are the arms of the campaign step.
    """

    def __init__(
        self,
        profiles: Mapping[str, Profile],
        withdrawn: Callable[[Sequence[str]], frozenset[str]],
        suppressions: Suppressions,
        channel: str,
        arms: Mapping[str, Arm],
    ) -> None:
        self._profiles = profiles
        self._withdrawn, self._suppressions, self._channel = withdrawn, suppressions, channel
        owners: dict[str, list[str]] = {}
        for profile in profiles.values():
            if profile.email:
                owners.setdefault(address_of(profile), []).append(profile.person_id)
        self._mates = {person: mates for mates in owners.values() if len(mates) > 1 for person in mates}
        self._arms = {person: arms[person] for person in self._mates if person in arms}

    def of(self, person_id: str) -> Sequence[str]:
        """Everybody who has this person's address now, the person included."""
        return self._mates.get(person_id, (person_id,))

    def refuse(self, person_ids: Sequence[str]) -> dict[str, str]:
        """Those of `person_ids` who must not be written to now, each with the reason."""
        everybody = list(dict.fromkeys(mate for person in person_ids for mate in self.of(person)))
        no = self._suppressions.among(everybody, self._channel) | self._withdrawn(everybody)
        hashes = {
            person: mailbox_hash(self._profiles[person].email or "")
            for person in person_ids
            if person in self._profiles
        }
        closed = self._suppressions.among(list(hashes.values()), MAILBOX)
        refused = {}
        for person in person_ids:
            mates = self.of(person)
            if not no.isdisjoint(mates) or hashes.get(person) in closed:
                refused[person] = "consent withdrawn before sending"
            elif any(self._arms.get(mate) == "holdout" for mate in mates):
                refused[person] = "the address belongs to a person who is held out"
            elif person != min((mate for mate in mates if self._arms.get(mate) == "treatment"), default=person):
                refused[person] = "another message of this step goes to the same address"
        return refused
