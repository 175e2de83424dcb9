"""The slate: items and creatives together, for one person and for a million."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from tailorbird.stages.decisions.hashing import person_hashes, uniforms
from tailorbird.stages.decisions.thompson import draw_arms, draw_posteriors, propensities
from tailorbird.types.arm_set import ArmSet
from tailorbird.types.campaign import Campaign, PolicySpec
from tailorbird.types.creative import Creative
from tailorbird.types.decision import Decision, Placement
from tailorbird.types.recommendation import ItemChoice
from tailorbird.types.slot_text import SlotText

_BLOCK_STREAM = 100


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
    (of the hero item, the last item, the profile); `families[i]` is the hero item's family."""

    person_ids: Sequence[str]
    subjects: Sequence[str]
    locales: Sequence[str]
    slots: Sequence[frozenset[str]]
    families: Sequence[str]
    features_hashes: Sequence[str]
    consent_hashes: Sequence[str]


def decision_id(project: str, campaign: str, step: str, person_id: str) -> str:
    """Stable: 'd_' and 24 hex digits of SHA-256 over project, campaign, step and person."""
    return "d_" + hashlib.sha256(f"{project}|{campaign}|{step}|{person_id}".encode()).hexdigest()[:24]


def decide_many(
    people: PeopleRows,
    choice: ItemChoice,
    item_ids: Sequence[str],
    catalog: CreativeCatalog,
    families_of: Mapping[str, tuple[str, ...]],
    counts: Mapping[str, tuple[float, float]],
    policy_version: str,
    campaign: Campaign,
    project: str,
    decided_at: datetime,
    reason: str,
    facts: Sequence[tuple[Placement, ...]] = (),
    drawn: dict[str, ArmSet] | None = None,
) -> list[Decision]:
    """One treated decision per person: items by `choice`, one creative per block by the campaign's policy.

    `families_of[creative_id]` limits a line to item families (none: any). `facts`, one tuple per person, end the
    slates as they are. `drawn` gets the arm sets that creatives were drawn from, by id. Deterministic: a person's
    slate depends on the person, the campaign, the step and the policy version, never on who else is in the batch.
    """
    hashes = person_hashes(people.person_ids, f"{project}|{campaign.name}|{campaign.step}|creative")
    copy = _draw_copy(people, hashes, catalog, families_of, counts, policy_version, campaign, drawn)
    shown = _item_placements(choice, item_ids)
    known = facts or [()] * len(people.person_ids)
    return [
        Decision(
            decision_id=decision_id(project, campaign.name, campaign.step, person_id),
            campaign=campaign.name,
            step=campaign.step,
            person_id=person_id,
            arm="treatment",
            decided_at=decided_at,
            slate=(*shown[row], *copy[row], *known[row]),
            subject=people.subjects[row],
            locale=people.locales[row],
            policy_version=policy_version,
            reason=reason,
            features_hash=people.features_hashes[row],
            consent_hash=people.consent_hashes[row],
        )
        for row, person_id in enumerate(people.person_ids)
    ]


def _draw_copy(
    people: PeopleRows,
    hashes: NDArray[np.uint64],
    catalog: CreativeCatalog,
    families_of: Mapping[str, tuple[str, ...]],
    counts: Mapping[str, tuple[float, float]],
    policy_version: str,
    campaign: Campaign,
    drawn: dict[str, ArmSet] | None,
) -> list[list[Placement]]:
    """One line per block for each person, with its propensity and the id of the arm set that it came from."""
    drawn = {} if drawn is None else drawn
    copy: list[list[Placement]] = [[] for _ in people.person_ids]
    groups: dict[tuple[str, str], list[int]] = {}
    for row, key in enumerate(zip(people.subjects, people.locales, strict=True)):
        groups.setdefault(key, []).append(row)
    for number, block in enumerate(campaign.blocks):
        uniform = uniforms(hashes, _BLOCK_STREAM + number)
        for (subject, locale), rows in _by_arms(groups, catalog, block).items():
            arms = catalog.arms(block, subject, locale)
            if arms:
                seed = arm_seed(campaign.name, policy_version, block, subject, locale)
                draws = draw_posteriors([arm.creative_id for arm in arms], counts, campaign.policy, seed)
                rank = _order_of_trial(arms, draws, seed)
                admitted, of_row = _admitted(arms, catalog, families_of, people, rows, rank, campaign.policy)
                shares = np.array([propensities(draws, mask, campaign.policy) for mask in admitted])
                sets = [
                    _arm_set(block, policy_version, arms, mask, s) for mask, s in zip(admitted, shares, strict=True)
                ]
                drawn.update((one.set_id, one) for one in sets if one.arms)
                among = [(one.set_id, len(one.arms)) for one in sets]
                chosen, probability = draw_arms(shares[of_row], uniform[rows])
                for row, arm, chance, of in zip(
                    rows, chosen.tolist(), probability.tolist(), of_row.tolist(), strict=True
                ):
                    if arm >= 0:
                        set_id, count = among[of]
                        copy[row].append(Placement(block, block, None, arms[arm].creative_id, chance, count, set_id))
    return copy


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


def _arm_set(
    block: str, version: str, arms: Sequence[Creative], admitted: Sequence[bool], shares: NDArray[np.float64]
) -> ArmSet:
    at = [i for i, competes in enumerate(admitted) if competes]
    return ArmSet(block, version, tuple(arms[i].creative_id for i in at), tuple(shares[at].tolist()))


def _admitted(
    arms: Sequence[Creative],
    catalog: CreativeCatalog,
    families_of: Mapping[str, tuple[str, ...]],
    people: PeopleRows,
    rows: Sequence[int],
    rank: Sequence[int],
    policy: PolicySpec,
) -> tuple[list[tuple[bool, ...]], NDArray[np.int64]]:
    """(the sets of lines that compete for somebody, as masks over the arms; which of them is each row's).

    A line competes where the person's facts fill its slots, the family fits, and it is among the `arms_max` (a brief's
    own lines, then approved lines by `rank`); template lines only as a last resort. Propensities are worked out once
    for each set of lines that compete: a leader who may not be shown tells nothing about the others.
    """
    known: dict[tuple[frozenset[str], str], int] = {}
    sets: dict[tuple[bool, ...], int] = {}
    of_row = np.empty(len(rows), dtype=np.int64)
    for at, row in enumerate(rows):
        key = (people.slots[row], people.families[row])
        if key not in known:
            fits = [
                catalog.slots[arm.creative_id] <= key[0]
                and (not families_of.get(arm.creative_id) or key[1] in families_of[arm.creative_id])
                for arm in arms
            ]
            better = [fit and arm.rung != "template" for fit, arm in zip(fits, arms, strict=True)]
            admitted = _admit(arms, better, rank, policy.arms_max) if any(better) else fits
            known[key] = sets.setdefault(tuple(admitted), len(sets))
        of_row[at] = known[key]
    return list(sets), of_row


def _admit(arms: Sequence[Creative], fits: Sequence[bool], rank: Sequence[int], arms_max: int) -> list[bool]:
    """Of the fitting lines: every one of the brief's own, and approved ones in the order of `rank` up to the limit."""
    admitted = [fit and bool(arm.brief_id) for fit, arm in zip(fits, arms, strict=True)]
    room = arms_max - sum(admitted)
    for at in rank:
        if room > 0 and fits[at] and not admitted[at]:
            admitted[at] = True
            room -= 1
    return admitted if any(admitted) else list(fits)


def _order_of_trial(arms: Sequence[Creative], draws: NDArray[np.float64], seed: str) -> list[int]:
    """Arms in the order in which they may compete: by one draw from their posteriors, best first.

    So a line that did badly makes room for one that was not tried yet, and the best so far mostly stay. Without draws
    the order is that of a hash.
    """

    def key(at: int) -> tuple[float, bytes]:
        drawn = float(draws[0, at]) if len(draws) else 0.0
        return -drawn, hashlib.sha256(f"{seed}|{arms[at].creative_id}".encode()).digest()

    return sorted(range(len(arms)), key=key)


def arm_seed(campaign: str, policy_version: str, block: str, subject: str, locale: str) -> str:
    """What seeds the draws for one set of arms: the same lines have the same shares in any batch."""
    return f"{campaign}|{policy_version}|{block}|{subject}|{locale}"


def leading_arms(
    arms: Sequence[Creative], counts: Mapping[str, tuple[float, float]], policy: PolicySpec, seed: str
) -> dict[str, float]:
    """The share that the policy gives each line among people who may get any of them: {creative_id: propensity}.

    `seed` is that of `arm_seed`.
    """
    draws = draw_posteriors([arm.creative_id for arm in arms], counts, policy, seed)
    admitted = _admit(arms, [True] * len(arms), _order_of_trial(arms, draws, seed), policy.arms_max)
    share = propensities(draws, admitted, policy)
    return {arm.creative_id: s for arm, s in zip(arms, share.tolist(), strict=True) if s > 0}


def _item_placements(choice: ItemChoice, item_ids: Sequence[str]) -> list[list[Placement]]:
    placements = []
    for items, shares, eligible in zip(
        choice.items.tolist(), choice.propensity.tolist(), choice.eligible.tolist(), strict=True
    ):
        placements.append(
            [
                Placement("hero" if at == 0 else f"item_{at + 1}", "item", item_ids[item], None, share, count)
                for at, (item, share, count) in enumerate(zip(items, shares, eligible, strict=True))
                if item >= 0
            ]
        )
    return placements


def decide_one(
    row: int,
    people: PeopleRows,
    choice: ItemChoice,
    item_ids: Sequence[str],
    catalog: CreativeCatalog,
    families_of: Mapping[str, tuple[str, ...]],
    counts: Mapping[str, tuple[float, float]],
    policy_version: str,
    campaign: Campaign,
    project: str,
    decided_at: datetime,
    reason: str,
) -> Decision:
    """The decision for one person alone: equal to the one that `decide_many` makes in any batch."""
    one = PeopleRows(
        [people.person_ids[row]],
        [people.subjects[row]],
        [people.locales[row]],
        [people.slots[row]],
        [people.families[row]],
        [people.features_hashes[row]],
        [people.consent_hashes[row]],
    )
    part = ItemChoice(choice.items[row : row + 1], choice.propensity[row : row + 1], choice.eligible[row : row + 1])
    return decide_many(
        one, part, item_ids, catalog, families_of, counts, policy_version, campaign, project, decided_at, reason
    )[0]
