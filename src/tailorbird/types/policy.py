"""The policy that a text is held to: packs of rules, and where the text will stand."""

from dataclasses import dataclass

from tailorbird.types.policy_pack import PolicyPack


@dataclass(frozen=True, slots=True)
class Policy:
    """Where a text goes and under whose eyes.

    `channel` is email, sms, push, web or an ad placement ('' where it is not known; policy_pack.CHANNELS has them all),
    `country` an ISO 3166-1 code, or ISO 3166-2 for a part of one ('US-NY'), `block` the part of the message.
    `attended` says that a person reads the text before it goes out: without one, prose that cannot be shown to be true
    is stopped instead of sent to review. `hosts` are those that links may lead to, with all under them. `packs` are the
    rules that hold, and `flags` what is so of the text beyond its words (policy_pack.FLAGS).
    """

    channel: str = ""
    country: str = ""
    block: str = ""
    attended: bool = True
    hosts: frozenset[str] = frozenset()
    packs: tuple[PolicyPack, ...] = ()
    flags: frozenset[str] = frozenset()
