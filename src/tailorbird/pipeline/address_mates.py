"""People who share an address: a no from one of them holds for all, and one of them at most gets a message."""

from collections.abc import Callable, Mapping, Sequence

from tailorbird.pipeline.identities import Identities
from tailorbird.ports.suppressions import Suppressions
from tailorbird.stages.audiences.eligibility import MAILBOX, address_of, mailbox_hash
from tailorbird.types.decision import Arm
from tailorbird.types.profile import Profile


class AddressMates:
    """Who must not be written to at the moment of sending, for what was said by them, or about their address.

    `withdrawn` tells who of some people consents no longer. `arms` are the arms of the campaign step. By `identities`
    a person may have several ids, and share an address by each of them.
    """

    def __init__(
        self,
        profiles: Mapping[str, Profile],
        withdrawn: Callable[[Sequence[str]], frozenset[str]],
        suppressions: Suppressions,
        channel: str,
        arms: Mapping[str, Arm],
        identities: Identities | None = None,
    ) -> None:
        self._profiles = profiles
        self._withdrawn, self._suppressions, self._channel = withdrawn, suppressions, channel
        self._identities = identities or Identities()
        owners: dict[str, list[str]] = {}
        for profile in profiles.values():
            if profile.email:
                owners.setdefault(address_of(profile), []).append(profile.person_id)
        self._mates = {person: mates for mates in owners.values() if len(mates) > 1 for person in mates}
        self._arms = {person: arms[person] for person in self._mates if person in arms}

    def of(self, person_id: str) -> Sequence[str]:
        """Everybody who has this person's address now, the person included, under every id."""
        mates = self._mates
        ids = self._identities.ids_of(person_id)
        if len(ids) == 1 and person_id not in mates:
            return ids
        return list(dict.fromkeys(mate for each in ids for mate in (each, *mates.get(each, ()))))

    def refuse(self, person_ids: Sequence[str]) -> dict[str, str]:
        """Those of `person_ids` who must not be written to now, each with the reason."""
        person_of = self._identities.person_of
        everybody = list(dict.fromkeys(mate for person in person_ids for mate in self.of(person)))
        no = self._suppressions.among(everybody, self._channel) | self._withdrawn(everybody)
        hashes = {mate: mailbox_hash(self._profiles[mate].email or "") for mate in everybody if mate in self._profiles}
        closed = self._suppressions.among(list(hashes.values()), MAILBOX)
        refused = {}
        for person in person_ids:
            mates = self.of(person)
            if not no.isdisjoint(mates) or any(hashes.get(mate) in closed for mate in mates):
                refused[person] = "consent withdrawn before sending"
            elif any(self._arms.get(mate) == "holdout" for mate in mates):
                refused[person] = "the address belongs to a person who is held out"
            else:
                treated = (person_of(mate) for mate in mates if self._arms.get(mate) == "treatment")
                if person_of(person) != min(treated, default=person_of(person)):
                    refused[person] = "another message of this step goes to the same address"
        return refused
