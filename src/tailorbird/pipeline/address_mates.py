"""People who share an address: a no from one of them holds for all, up to the moment of sending."""

from collections.abc import Callable, Mapping, Sequence

from tailorbird.ports.suppressions import Suppressions
from tailorbird.types.profile import Profile


class AddressMates:
    """Adds to `withdrawn` the people whose address belongs to somebody else who is suppressed or said no."""

    def __init__(
        self,
        profiles: Mapping[str, Profile],
        withdrawn: Callable[[Sequence[str]], frozenset[str]],
        suppressions: Suppressions,
        channel: str,
    ) -> None:
        self._withdrawn, self._suppressions, self._channel = withdrawn, suppressions, channel
        owners: dict[str, list[str]] = {}
        for profile in profiles.values():
            if profile.email:
                owners.setdefault(profile.email.lower(), []).append(profile.person_id)
        self._mates = {person: mates for mates in owners.values() if len(mates) > 1 for person in mates}

    def __call__(self, person_ids: Sequence[str]) -> frozenset[str]:
        """Those of `person_ids` who must not be written to now."""
        shared = {mate: person for person in person_ids for mate in self._mates.get(person, ()) if mate != person}
        refused = self._withdrawn(person_ids)
        if not shared:
            return refused
        others = list(shared)
        said_no = self._suppressions.among(others, self._channel) | self._withdrawn(others)
        return refused | {person for person in person_ids if said_no & set(self._mates.get(person, ()))}
