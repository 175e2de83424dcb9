"""The copy of a slate: which lines compete for whom, and the one that the policy draws, with its propensity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from tailorbird.stages.decisions.hashing import uniforms
from tailorbird.types.arm_set import ArmSet
from tailorbird.types.campaign import Campaign
from tailorbird.types.creative import Creative
from tailorbird.types.decision import Placement
from tailorbird.types.policy_rows import Choices, Lessons, Situations
from tailorbird.types.slot_text import SlotText

_BLOCK_STREAM = 100


class Chooses(Protocol):
    """A policy, as far as a slate needs one."""

    version: str

    def decide_many(self, situations: Situations, uniforms: NDArray[np.float64]) -> Choices:
        """An arm for each person, with the shares that it was drawn from."""
        ...

    def rank(self, arms: Sequence[str], seed: str) -> Sequence[int]:
        """Places of `arms` in the order in which they may compete."""
        ...


@dataclass(frozen=True)
class CreativeCatalog:
    """Usable creatives of one campaign, by the key they serve: (block, subject label or '', locale).

    Lines of one brief are keyed by its subject; approved and template lines by ''. Lines of the template rung are
    used only where nothing better is eligible.
    """

    lines: Mapping[tuple[str, str, str], tuple[Creative, ...]]
    slots: Mapping[str, frozenset[str]]

    @classmethod
    def build(cls, creatives: Sequence[Creative], subject_of: Mapping[str, str]) -> "CreativeCatalog":
        """Index usable creatives; `subject_of[brief_id]` is a brief's subject label."""
        lines: dict[tuple[str, str, str], list[Creative]] = {}
        slots: dict[str, frozenset[str]] = {}
        for creative in sorted(creatives, key=lambda c: c.creative_id):
            if creative.usable and (not creative.brief_id or creative.brief_id in subject_of):
                key = (creative.block, subject_of.get(creative.brief_id, ""), creative.locale)
                lines.setdefault(key, []).append(creative)
                slots[creative.creative_id] = frozenset(SlotText.parse(creative.text).slots)
        return cls({key: tuple(found) for key, found in lines.items()}, slots)

    def arms(self, block: str, subject: str, locale: str) -> tuple[Creative, ...]:
        """The lines that compete: the brief's own, then approved lines, then the template's."""
        own = self.lines.get((block, subject, locale), ()) if subject else ()
        return own + self.lines.get((block, "", locale), ())


@dataclass(frozen=True)
class PeopleRows:
    """The people to decide for, in columns. `slots[i]` are the names of the slots person i's facts can fill
    (of the hero item, the last item, the profile); `families[i]` is the hero item's family.

    What policies ask for, where they do: `cohorts[i]` is i's cohort, `seen[i]` how often i was shown each line before,
    `context` (people × features) are numbers."""

    person_ids: Sequence[str]
    subjects: Sequence[str]
    locales: Sequence[str]
    slots: Sequence[frozenset[str]]
    families: Sequence[str]
    features_hashes: Sequence[str]
    consent_hashes: Sequence[str]
    cohorts: Sequence[str] = ()
    seen: Sequence[Mapping[str, int]] = ()
    context: NDArray[np.float64] | None = None


def draw_copy(
    people: PeopleRows,
    hashes: NDArray[np.uint64],
    catalog: CreativeCatalog,
    families_of: Mapping[str, tuple[str, ...]],
    policy: Chooses,
    lessons: Lessons,
    campaign: Campaign,
    drawn: dict[str, ArmSet],
) -> list[list[Placement]]:
    """One line per block for each person, with its propensity and the id of the arm set that it came from."""
    copy: list[list[Placement]] = [[] for _ in people.person_ids]
    groups: dict[tuple[str, str], list[int]] = {}
    for row, key in enumerate(zip(people.subjects, people.locales, strict=True)):
        groups.setdefault(key, []).append(row)
    room = min(campaign.policy.arms_max, lessons.arms_max or campaign.policy.arms_max)
    out = frozenset((*lessons.barred, *lessons.halved))
    for number, block in enumerate(campaign.blocks):
        uniform = uniforms(hashes, _BLOCK_STREAM + number)
        for (subject, locale), rows in _by_arms(groups, catalog, block).items():
            arms = catalog.arms(block, subject, locale)
            if arms:
                seed = arm_seed(campaign.name, policy.version, block, subject, locale)
                rank = policy.rank([arm.creative_id for arm in arms], seed)
                asked = _situations(arms, catalog, families_of, people, rows, rank, room, out, seed)
                choices = policy.decide_many(asked, uniform[rows])
                for row, place in zip(rows, _placements(block, policy.version, asked, choices, drawn), strict=True):
                    if place is not None:
                        copy[row].append(place)
    return copy


def _placements(
    block: str, version: str, asked: Situations, choices: Choices, drawn: dict[str, ArmSet]
) -> list[Placement | None]:
    """The chosen lines, and the sets that they were drawn from: one for each row of shares and situation."""
    known: dict[tuple[int, int], tuple[str, int]] = {}
    places: list[Placement | None] = []
    columns = (choices.arm.tolist(), choices.propensity.tolist(), choices.of.tolist(), asked.of.tolist())
    for arm, chance, share, situation in zip(*columns, strict=True):
        if arm < 0:
            places.append(None)
            continue
        if (share, situation) not in known:
            at = np.flatnonzero(asked.allowed[situation])
            one = ArmSet(block, version, tuple(asked.arms[i] for i in at), tuple(choices.shares[share, at].tolist()))
            drawn[one.set_id] = one
            known[share, situation] = (one.set_id, len(at))
        set_id, count = known[share, situation]
        places.append(Placement(block, block, None, asked.arms[arm], chance, count, set_id))
    return places


def _by_arms(
    groups: Mapping[tuple[str, str], Sequence[int]], catalog: CreativeCatalog, block: str
) -> dict[tuple[str, str], list[int]]:
    """The rows by the lines that compete for them: a subject without lines of its own joins the others of its locale,
    so that the same lines have the same posteriors, drawn once."""
    merged: dict[tuple[str, str], list[int]] = {}
    for (subject, locale), rows in groups.items():
        own = subject if (block, subject, locale) in catalog.lines else ""
        merged.setdefault((own, locale), []).extend(rows)
    return merged


def _situations(
    arms: Sequence[Creative],
    catalog: CreativeCatalog,
    families_of: Mapping[str, tuple[str, ...]],
    people: PeopleRows,
    rows: Sequence[int],
    rank: Sequence[int],
    room: int,
    out: frozenset[str],
    seed: str,
) -> Situations:
    """What the policy is asked: which lines compete for whom, told once for each set of lines, cohort and memory.

    A line competes where the person's facts fill its slots, the family fits, it is not `out`, and it is among the
    `room` (a brief's own lines, then approved lines by `rank`); template lines only as a last resort.
    """
    ids = tuple(arm.creative_id for arm in arms)
    known: dict[tuple[frozenset[str], str], tuple[bool, ...]] = {}
    kinds: dict[tuple[tuple[bool, ...], str, tuple[int, ...]], int] = {}
    of = np.empty(len(rows), dtype=np.int64)
    for at, row in enumerate(rows):
        key = (people.slots[row], people.families[row])
        if key not in known:
            fits = [
                catalog.slots[arm.creative_id] <= key[0]
                and (not families_of.get(arm.creative_id) or key[1] in families_of[arm.creative_id])
                for arm in arms
            ]
            better = [fit and arm.rung != "template" for fit, arm in zip(fits, arms, strict=True)]
            left = [fit and arm not in out for fit, arm in zip(better, ids, strict=True)]
            left = left if any(left) else better
            known[key] = tuple(_admit(arms, left, rank, room) if any(left) else fits)
        seen = tuple(people.seen[row].get(arm, 0) for arm in ids) if people.seen and people.seen[row] else ()
        cohort = people.cohorts[row] if people.cohorts else ""
        of[at] = kinds.setdefault((known[key], cohort, seen), len(kinds))
    memory = [seen or (0,) * len(ids) for _, _, seen in kinds]
    return Situations(
        ids,
        np.array([allowed for allowed, _, _ in kinds], dtype=bool),
        of,
        seed,
        [cohort for _, cohort, _ in kinds] if people.cohorts else (),
        np.array(memory, dtype=np.float64) if people.seen else None,
        people.context[np.asarray(rows)] if people.context is not None else None,
    )


def _admit(arms: Sequence[Creative], fits: Sequence[bool], rank: Sequence[int], arms_max: int) -> list[bool]:
    """Of the fitting lines: every one of the brief's own, and approved ones in the order of `rank` up to the limit."""
    admitted = [fit and bool(arm.brief_id) for fit, arm in zip(fits, arms, strict=True)]
    room = arms_max - sum(admitted)
    for at in rank:
        if room > 0 and fits[at] and not admitted[at]:
            admitted[at] = True
            room -= 1
    return admitted if any(admitted) else list(fits)


def arm_seed(campaign: str, policy_version: str, block: str, subject: str, locale: str) -> str:
    """What seeds the draws for one set of arms: the same lines have the same shares in any batch."""
    return f"{campaign}|{policy_version}|{block}|{subject}|{locale}"


def leading_arms(
    arms: Sequence[Creative], policy: Chooses, lessons: Lessons, arms_max: int, seed: str
) -> dict[str, float]:
    """The share that the policy gives each line among people who may get any of them: {creative_id: propensity}.

    `seed` is that of `arm_seed`.
    """
    ids = tuple(arm.creative_id for arm in arms)
    room = min(arms_max, lessons.arms_max or arms_max)
    left = [arm not in (*lessons.barred, *lessons.halved) for arm in ids]
    admitted = _admit(arms, left if any(left) else [True] * len(ids), policy.rank(ids, seed), room)
    asked = Situations(ids, np.array([admitted], dtype=bool), np.zeros(1, dtype=np.int64), seed)
    choices = policy.decide_many(asked, np.array([0.5]))
    share = choices.shares[choices.of[0]].tolist()
    return {arm: chance for arm, chance in zip(ids, share, strict=True) if chance > 0}
