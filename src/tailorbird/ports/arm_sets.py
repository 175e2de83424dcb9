"""The arm sets: what the places of decisions were drawn from."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from tailorbird.types.arm_set import ArmSet


class ArmSets(Protocol):
    """Arm sets by id, written once."""

    def save(self, sets: Iterable[ArmSet]) -> None:
        """Keep sets; those that are there stay."""
        ...

    def find(self, set_ids: Iterable[str]) -> Mapping[str, ArmSet]:
        """The sets with these ids; what is not there is left out."""
        ...
