"""The policies of a campaign as they are published: opened for deciding, with what they ask of people."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

import numpy as np
from numpy.typing import NDArray

from tailorbird.pipeline.state import State
from tailorbird.ports.policy import MakePolicy, Policy
from tailorbird.stages.bandits.policy_state import FORMAT, PolicyStateError, write_state
from tailorbird.types.arm_set import ArmSet
from tailorbird.types.campaign import Campaign
from tailorbird.types.decision import Decision
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.feature import FeatureTable
from tailorbird.types.policy_rows import Lessons
from tailorbird.types.policy_spec import PolicySpec
from tailorbird.types.stored_policy import StoredPolicy


class PolicyFeatureError(TailorbirdError):
    """A policy asks for a feature that cannot be given to it."""


@dataclass(frozen=True)
class Learned:
    """What the policies of a campaign know: `stored` by variant ('': the campaign's own), or, of an older version,
    `counts` alone. `drawn` collects the arm sets that decisions are drawn from; `made` are the campaign's decisions,
    read where somebody may be tired of a line."""

    make: MakePolicy
    stored: Mapping[str, StoredPolicy] = field(default_factory=dict)
    counts: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    made: Sequence[Decision] = ()
    drawn: dict[str, ArmSet] = field(default_factory=dict)

    def policy(self, spec: PolicySpec, variant: str = "") -> tuple[Policy, Lessons]:
        """The policy of a variant, or the campaign's where the variant has none of its own."""
        stored = self.stored.get(variant) or self.stored.get("")
        if stored is None:
            counted = self.counts and spec.kind in ("thompson", "lola")
            state = write_state(spec.kind, {"arms": dict(self.counts)}) if counted else None
            return self.make(spec, Lessons(), state), Lessons()
        if stored.kind != spec.kind:  # the file names another kind since: it begins anew, and learns at the next report
            return self.make(spec, Lessons(), None), Lessons()
        lessons, state = unpack(stored)
        return self.make(spec, lessons, state), lessons

    def version(self, spec: PolicySpec, variant: str = "") -> str:
        """The version of `policy`; '' where what was stored cannot be read, and has to be learned anew."""
        try:
            return self.policy(spec, variant)[0].version
        except PolicyStateError:
            return ""

    def seen(self, campaign: Campaign, people: Sequence[str], fatigue: float) -> list[Mapping[str, int]]:
        """How often each of `people` was shown each line in other steps; nothing where nobody tires."""
        if not fatigue:
            return []
        shown: dict[str, Counter[str]] = {}
        for decision in self.made:
            if decision.step != campaign.step:
                lines = [place.creative_id for place in decision.slate if place.creative_id]
                shown.setdefault(decision.person_id, Counter()).update(lines)
        return [shown.get(person, Counter()) for person in people]


def read_learned(campaign: Campaign, state: State) -> Learned:
    """What was published for a campaign's policies; the counts of older versions where nothing else was."""
    names = ["", *(campaign.experiment.variants if campaign.experiment else ())]
    found = {name: stored for name in names if (stored := state.policies.read(campaign.name, name))}
    counts = {} if found else state.posteriors.read(campaign.name)[1]
    return Learned(state.make_policy, found, counts, state.decisions.find(campaign.name) if found else ())


def pack(lessons: Lessons, policy: Policy) -> str:
    """A policy's state and its lessons as one JSON text."""
    return json.dumps({"lessons": asdict(lessons), "policy": json.loads(policy.state())}, separators=(",", ":"))


def unpack(stored: StoredPolicy) -> tuple[Lessons, str]:
    """What `pack` wrote. Raises PolicyStateError for another format: nothing is guessed from it."""
    mend = "run `tailorbird report` on the campaign: it learns anew from all outcomes"
    if stored.format != FORMAT:
        raise PolicyStateError(
            f"the policy of campaign {stored.campaign!r} was saved in format {stored.format}, and this version reads "
            f"{FORMAT}; {mend}"
        )
    try:
        found = json.loads(stored.state)
        told = found["lessons"]
        lessons = Lessons(
            {arm: float(rate) for arm, rate in told["priors"].items()}, float(told["fatigue"]), tuple(told["barred"]),
            tuple(told["halved"]), int(told["arms_max"]),
        )  # fmt: skip
        return lessons, json.dumps(found["policy"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise PolicyStateError(f"the policy of campaign {stored.campaign!r} cannot be read; {mend}") from None


def contexts_of(spec: PolicySpec, table: FeatureTable, rows: Sequence[int]) -> NDArray[np.float64] | None:
    """(people × features) the numbers that a policy asks for; what is not known is the average of those that are.

    Raises PolicyFeatureError for a feature that there is not, or that holds texts.
    """
    if not spec.features:
        return None
    columns = [_numbers(name, _column(name, table), rows) for name in spec.features]
    return np.stack(columns, axis=1)


def cohorts_of(spec: PolicySpec, table: FeatureTable, rows: Sequence[int]) -> list[str]:
    """Each person's value of the feature `cohort` as text, '' where it is not known; nothing where none is asked."""
    if not spec.cohort:
        return []
    column = _column(spec.cohort, table)
    return ["" if column[row] is None else str(column[row]) for row in rows]


def _column(name: str, table: FeatureTable) -> Sequence[object]:
    if name not in table.columns:
        raise PolicyFeatureError(
            f"the policy asks for the feature {name!r}, which there is not; known: {', '.join(sorted(table.columns))}"
        )
    column: Sequence[object] = table.columns[name]
    return column


def _numbers(name: str, column: Sequence[object], rows: Sequence[int]) -> NDArray[np.float64]:
    found = np.full(len(rows), np.nan)
    for at, row in enumerate(rows):
        value = column[row]
        if isinstance(value, str):
            raise PolicyFeatureError(
                f"policy.features names {name!r}, which holds texts such as {value!r}; a linear policy takes numbers: "
                "name it as policy.cohort of a policy of kind cohorts"
            )
        if isinstance(value, int | float):
            found[at] = float(value)
    known = np.isfinite(found)
    found[~known] = found[known].mean() if known.any() else 0.0
    return found
