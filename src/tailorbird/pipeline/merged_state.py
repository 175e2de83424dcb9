"""What was decided and said of people who turned out to be one: read as one person's.

Decisions, suppressions and messages are kept under the id that a person had then. They are never rewritten, so that a
merge that is undone leaves no trace in them; who is whom is looked up when they are read.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from tailorbird.pipeline.identities import Identities
from tailorbird.pipeline.state import State
from tailorbird.ports.decision_store import DecisionStore
from tailorbird.ports.suppressions import Suppressions
from tailorbird.types.decision import Decision


def merge_state(state: State, identities: Identities) -> State:
    """The same stores, as people are by `identities`."""
    return replace(
        state,
        decisions=MergedDecisions(state.decisions, identities),
        suppressions=MergedSuppressions(state.suppressions, identities),
    )


def standing_decision(decisions: Iterable[Decision], person_id: str) -> Decision:
    """Of the decisions that several ids of one person got in one step, the one that stands: the earliest, then the
    surviving id's own, then the smallest id. The person has its arm, and gets its message or none."""
    return min(decisions, key=lambda d: (d.decided_at, d.person_id != person_id, d.decision_id))


class MergedDecisions:
    """`DecisionStore` whose decisions are about people as they are now."""

    def __init__(self, decisions: DecisionStore, identities: Identities) -> None:
        self._decisions, self._identities = decisions, identities

    def save(self, decisions: Sequence[Decision]) -> None:
        """Insert decisions, under the ids that they carry."""
        self._decisions.save(decisions)

    def find(self, campaign: str, step: str | None = None) -> list[Decision]:
        """The decisions that stand, one for each person and step, in id order."""
        found = self._decisions.find(campaign, step)
        person_of = self._identities.people.person_of
        if not person_of:
            return found
        mine: dict[tuple[str, str], list[Decision]] = {}
        for decision in found:
            if decision.person_id in person_of:
                mine.setdefault((decision.step, person_of[decision.person_id]), []).append(decision)
        stands = {standing_decision(those, person).decision_id for (_, person), those in mine.items()}
        return [self._now(d) for d in found if d.person_id not in person_of or d.decision_id in stands]

    def get(self, decision_id: str) -> Decision | None:
        """One decision, also one that does not stand."""
        decision = self._decisions.get(decision_id)
        return self._now(decision) if decision else None

    def recent(self, since: datetime) -> Iterator[tuple[str, datetime]]:
        """(person, decided_at) of treated decisions since a moment: a person's ids count together."""
        for person_id, decided_at in self._decisions.recent(since):
            yield self._identities.person_of(person_id), decided_at

    def _now(self, decision: Decision) -> Decision:
        person = self._identities.person_of(decision.person_id)
        return decision if person == decision.person_id else replace(decision, person_id=person)


class MergedSuppressions:
    """`Suppressions` in which a no of one of a person's ids is the person's."""

    def __init__(self, suppressions: Suppressions, identities: Identities) -> None:
        self._suppressions, self._identities = suppressions, identities

    def add(self, person_id: str, channel: str, reason: str, at: str) -> bool:
        """Suppress a person, under the id that is given; False if that was so already."""
        return self._suppressions.add(person_id, channel, reason, at)

    def remove(self, person_id: str, channel: str, reason: str, at: str) -> bool:
        """Lift the suppression of the id that is given; False if there was none."""
        return self._suppressions.remove(person_id, channel, reason, at)

    def all(self, channel: str) -> frozenset[str]:
        """Every suppressed person of a channel, as people are now."""
        return frozenset(map(self._identities.person_of, self._suppressions.all(channel)))

    def among(self, person_ids: Sequence[str], channel: str) -> frozenset[str]:
        """Which of these are suppressed now, by whichever of their ids."""
        no = self._suppressions.among(self._identities.all_ids(person_ids), channel)
        return frozenset(each for each in person_ids if not no.isdisjoint(self._identities.ids_of(each)))

    def erase(self, names: Sequence[str]) -> None:
        """Suppress these by keyed hash."""
        self._suppressions.erase(names)
