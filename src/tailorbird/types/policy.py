"""The policy that a text is held to: packs of rules, and where the text will stand."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """Where a text goes and under whose eyes.

    `channel` is email, sms, push, web or an ad placement ('' where it is not known), `country` an ISO 3166-1 code,
    `block` the part of the message. `attended` says that a person reads the text before it goes out: without one, prose
    that cannot be shown to be true is stopped instead of sent to review. `hosts` are those that links may lead
    to, with all under them.
    """

    channel: str = ""
    country: str = ""
    block: str = ""
    attended: bool = True
    hosts: frozenset[str] = frozenset()
