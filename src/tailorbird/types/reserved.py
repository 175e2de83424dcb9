"""How ids begin that are Tailorbird's own: nobody else's event may bear one, however it comes in."""

from collections.abc import Mapping
from typing import Literal

ANONYMOUS_PREFIX = "anon:"
"""Before an anonymous id it is the name of a person of whom nothing else is known."""

SENT_PREFIX = "sent:"
"""Of `Email Sent`: one event for each message."""

IDENTITY_EVENT_PREFIX = "identity:"
"""Of what an operator said about who is whom, by `tailorbird identity` alone."""

Signal = Literal["gpc", "tcf", "gpp", "categories"]
"""What a browser or a consent platform says for its person: the name of the signal is the method of its words."""

SIGNAL_PREFIXES: Mapping[Signal, str] = {"gpc": "gpc:", "tcf": "tcf:", "gpp": "gpp:", "categories": "categories:"}
"""Of words on consent that were made of a signal."""

MESSAGE_PREFIXES = (SENT_PREFIX, IDENTITY_EVENT_PREFIX, *SIGNAL_PREFIXES.values())
"""Beginnings that no messageId from outside may have."""
PERSON_PREFIXES = (ANONYMOUS_PREFIX,)
"""Beginnings that no id of a person or device from outside may have."""


def reserved_prefix(text: str, prefixes: tuple[str, ...]) -> str | None:
    """The one of `prefixes` with which an id begins; None if it may come from outside."""
    return next((prefix for prefix in prefixes if text.startswith(prefix)), None)
