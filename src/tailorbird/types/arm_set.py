"""The arm set: the arms that competed for one place, and the propensity of each, as a policy version drew from them."""

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ArmSet:
    """Arms in order, with their propensities (which add up to 1). People in the same situation share one set.

    What a placement was drawn from can be told afterwards: another policy is judged on that, not on what competes now.
    """

    block: str
    policy_version: str
    arms: tuple[str, ...]
    propensities: tuple[float, ...]

    @property
    def set_id(self) -> str:
        """'s_' and 16 hex digits of SHA-256 over block, version, arms and propensities."""
        told = "|".join((self.block, self.policy_version, *self.arms, *(f"{p:.9f}" for p in self.propensities)))
        return "s_" + hashlib.sha256(told.encode()).hexdigest()[:16]
