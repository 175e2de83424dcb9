"""The person as others know them: every name under which something was kept, for a copy of it all, or its erasure."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tailorbird.types.reserved import ANONYMOUS_PREFIX


@dataclass(frozen=True, slots=True)
class Person:
    """One person's identifiers. `event_ids` are the message ids of their events; `anonymous_ids` are theirs alone.

    `traces` are identifiers that we made of them: decisions, messages, idempotency keys. `addresses` are lower-case,
    `phones` as they were given.
    """

    person_id: str
    user_ids: frozenset[str] = field(default_factory=frozenset)
    anonymous_ids: frozenset[str] = field(default_factory=frozenset)
    addresses: frozenset[str] = field(default_factory=frozenset)
    phones: frozenset[str] = field(default_factory=frozenset)
    event_ids: frozenset[str] = field(default_factory=frozenset)
    traces: frozenset[str] = field(default_factory=frozenset)

    def ids(self) -> frozenset[str]:
        """Every id by which a row can be the person's."""
        anonymous = {ANONYMOUS_PREFIX + name for name in self.anonymous_ids}
        return frozenset({self.person_id}) | self.user_ids | self.anonymous_ids | anonymous

    def names(self) -> Iterator[str]:
        """Everything that tells who it is."""
        yield from sorted(self.ids() | self.addresses | self.phones | self.traces)

    def owns(self, message_id: str | None, user_id: str | None, anonymous_id: str | None) -> bool:
        """Whether an event is the person's: known as such, by its user, or from a device of theirs without a user."""
        mine = message_id in self.event_ids or user_id in self.user_ids
        return mine or (user_id is None and anonymous_id in self.anonymous_ids)
