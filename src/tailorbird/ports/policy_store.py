"""The policy store: what each policy of a campaign has learned."""

from typing import Protocol

from tailorbird.types.stored_policy import StoredPolicy


class PolicyStore(Protocol):
    """States of policies, replaced as a whole."""

    def read(self, campaign: str, variant: str = "") -> StoredPolicy | None:
        """The state that was published last; None before the first learning."""
        ...

    def replace(self, policy: StoredPolicy) -> None:
        """Publish a state in the place of the last."""
        ...
