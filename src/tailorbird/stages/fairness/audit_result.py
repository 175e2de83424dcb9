"""What a bias audit found, for whoever shows it: a page, a table, a script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tailorbird.stages.fairness.answers import Passage
from tailorbird.stages.fairness.comparisons import Comparison, DeliveredComparison
from tailorbird.stages.fairness.rate_ratio import RateRatio
from tailorbird.types.bias import PersonaAttribute


@dataclass(frozen=True, slots=True)
class AttributeAudit:
    """One attribute, swapped in every context: how far each group came against the reference, and the comparisons.

    `denied` is the same with consent to nothing but the campaign's own purpose: what is withheld then must give
    nothing. `seen` says how many of the project's people have one of the groups' values, {group: people}.
    """

    attribute: PersonaAttribute
    reference: str
    samples: int
    passages: Mapping[str, Passage]
    denied: Passage
    comparisons: tuple[Comparison, ...]
    seen: Mapping[str, int] = field(default_factory=dict)

    @property
    def passage(self) -> Passage:
        """All groups together."""
        total = Passage()
        for passage in self.passages.values():
            total = total.plus(passage)
        return total

    @property
    def findings(self) -> list[Comparison]:
        """The comparisons that are findings."""
        return [comparison for comparison in self.comparisons if comparison.flagged]


@dataclass(frozen=True, slots=True)
class SelectionRates:
    """One step's selection rates by group: 'audience' (of those who may be written to, who is in the audience) or
    'message' (of the eligible, who got a message). Each group is held against the one with the highest rate."""

    attribute: str
    proxy_for: str
    stage: str
    best: str
    groups: Mapping[str, RateRatio]

    @property
    def broken(self) -> bool:
        """Whether a group is surely below four fifths of the best rate."""
        return any(ratio.standing == "broken" for ratio in self.groups.values())


@dataclass(frozen=True, slots=True)
class DeliveryAudit:
    """What real people were given. `messages` is how many were looked at, of `decided` decisions for a message;
    `people` {attribute: {group: people in the audience}}. `nobody` names attributes whose groups hold nobody."""

    decided: int
    messages: int
    people: Mapping[str, Mapping[str, int]]
    rates: tuple[SelectionRates, ...]
    comparisons: tuple[DeliveredComparison, ...]
    nobody: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BiasAudit:
    """A whole audit of one campaign step. `null` compares each context with itself, computed twice."""

    project: str
    campaign: str
    step: str
    as_of: datetime
    seed: int
    flips: int
    simulated: bool
    contexts: int
    audience: int
    currency: str
    null: Passage
    attributes: tuple[AttributeAudit, ...]
    delivery: DeliveryAudit
    notes: Sequence[str] = ()

    @property
    def leaks(self) -> int:
        """Pairs that differ though nothing may have read the attribute: a fault of the pipeline, never chance."""
        return self.null.differing + sum(a.passage.leaked + a.denied.leaked for a in self.attributes)

    @property
    def findings(self) -> list[Comparison | DeliveredComparison | SelectionRates]:
        """Everything that a person has to look at, but leaks."""
        swapped = [finding for audited in self.attributes for finding in audited.findings]
        delivered = [comparison for comparison in self.delivery.comparisons if comparison.flagged]
        return [*swapped, *delivered, *(rates for rates in self.delivery.rates if rates.broken)]

    @property
    def clean(self) -> bool:
        """Whether there is nothing to look at."""
        return not self.findings and not self.leaks
