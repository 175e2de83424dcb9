"""The slate: items and creatives together, for one person and for a million."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from tailorbird.stages.decisions.copy_choice import (
    Chooses,
    CreativeCatalog,
    PeopleRows,
    arm_seed,
    draw_copy,
    leading_arms,
)
from tailorbird.stages.decisions.hashing import person_hashes
from tailorbird.types.arm_set import ArmSet
from tailorbird.types.campaign import Campaign
from tailorbird.types.decision import Decision, Placement
from tailorbird.types.policy_rows import Lessons
from tailorbird.types.recommendation import ItemChoice

__all__ = ["CreativeCatalog", "PeopleRows", "arm_seed", "leading_arms"]
"""Defined in `copy_choice`."""


def decision_id(project: str, campaign: str, step: str, person_id: str) -> str:
    """Stable: 'd_' and 24 hex digits of SHA-256 over project, campaign, step and person."""
    return "d_" + hashlib.sha256(f"{project}|{campaign}|{step}|{person_id}".encode()).hexdigest()[:24]


def decide_many(
    people: PeopleRows,
    choice: ItemChoice,
    item_ids: Sequence[str],
    catalog: CreativeCatalog,
    families_of: Mapping[str, tuple[str, ...]],
    policy: Chooses,
    lessons: Lessons,
    campaign: Campaign,
    project: str,
    decided_at: datetime,
    reason: str,
    facts: Sequence[tuple[Placement, ...]] = (),
    drawn: dict[str, ArmSet] | None = None,
) -> list[Decision]:
    """One treated decision per person: items by `choice`, one creative per block by the `policy`.

    `families_of[creative_id]` limits a line to item families (none: any). `facts`, one tuple per person, end the
    slates as they are. `drawn` gets the arm sets that creatives were drawn from, by id. Deterministic: a person's
    slate depends on the person, the campaign, the step and the policy version, never on who else is in the batch.
    """
    hashes = person_hashes(people.person_ids, f"{project}|{campaign.name}|{campaign.step}|creative")
    copy = draw_copy(people, hashes, catalog, families_of, policy, lessons, campaign, {} if drawn is None else drawn)
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
            policy_version=policy.version,
            reason=reason,
            features_hash=people.features_hashes[row],
            consent_hash=people.consent_hashes[row],
        )
        for row, person_id in enumerate(people.person_ids)
    ]


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
    policy: Chooses,
    lessons: Lessons,
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
        [people.cohorts[row]] if people.cohorts else (),
        [people.seen[row]] if people.seen else (),
        people.context[row : row + 1] if people.context is not None else None,
    )
    part = ItemChoice(choice.items[row : row + 1], choice.propensity[row : row + 1], choice.eligible[row : row + 1])
    return decide_many(
        one, part, item_ids, catalog, families_of, policy, lessons, campaign, project, decided_at, reason
    )[0]
