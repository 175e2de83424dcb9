"""Assignment: who is left to which campaign, who is held out of it or of all, and who is in which variant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tailorbird.ports.decision_store import DecisionStore
from tailorbird.project.project import Project
from tailorbird.stages.assignment import salts
from tailorbird.stages.assignment.arms import block_arms, draw_arm, draw_arms, keep_arms, shares_of
from tailorbird.stages.assignment.buckets import split_by_hash
from tailorbird.stages.assignment.layers import in_range, layer_ranges
from tailorbird.stages.audiences.eligibility import address_of
from tailorbird.types.campaign import Campaign
from tailorbird.types.decision import Arm, Decision
from tailorbird.types.feature import FeatureTable
from tailorbird.types.profile import Profile

HOLDOUT = "holdout"
_TREATED = "treatment"


@dataclass(frozen=True)
class Earlier:
    """What people have of this campaign already, by person: the arm of their first decision and when it was, and
    their first variant. Decisions of the holdout of all campaigns are none of this campaign's; `silent` are its people,
    who keep their place at an address they share as everybody else does."""

    arms: Mapping[str, Arm] = field(default_factory=dict)
    variants: Mapping[str, str] = field(default_factory=dict)
    since: Mapping[str, datetime] = field(default_factory=dict)
    silent: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Assigned:
    """The rows by arm. `variants` are those of `treated`, in its order (empty without variants); `global_holdout` are
    held out of all campaigns. `shares` is what newcomers were split by: {'holdout': share, variant: share}; `strata`
    names each row's stratum, where there are any."""

    treated: Sequence[int]
    holdout: Sequence[int]
    global_holdout: Sequence[int]
    variants: Sequence[str]
    shares: Mapping[str, float]
    strata: Mapping[int, str] = field(default_factory=dict)


def read_earlier(made: Sequence[Decision]) -> Earlier:
    """The first decision of the campaign for each person."""
    arms: dict[str, Arm] = {}
    variants: dict[str, str] = {}
    since: dict[str, datetime] = {}
    for decision in sorted(made, key=lambda decision: decision.decided_at):
        if decision.held != "global" and decision.person_id not in arms:
            arms[decision.person_id] = decision.arm
            since[decision.person_id] = decision.decided_at
        if decision.variant:
            variants.setdefault(decision.person_id, decision.variant)
    silent = frozenset(decision.person_id for decision in made if decision.held == "global")
    return Earlier(arms, variants, since, silent)


def leave_to_layer(
    project: Project,
    campaign: Campaign,
    profiles: Sequence[Profile],
    rows: Sequence[int],
    earlier: Earlier,
    decisions: DecisionStore,
) -> list[int]:
    """The rows that belong to this campaign's part of its layer; all of them where it is in no layer.

    The unit is the address: whoever shares one is in the same part. A person stays with the campaign of the layer that
    decided first, whatever the shares are now.
    """
    layer = campaign.experiment.layer if campaign.experiment else ""
    if not layer:
        return list(rows)
    shares = project.settings.experiments.layers[layer].shares
    place_of = {profile.person_id: _mailbox(profile) for profile in profiles}
    own = _first_by_place(earlier.since, place_of)
    theirs: dict[str, datetime] = {}
    for name in shares:
        if name != campaign.name:
            for place, since in _first_by_place(read_earlier(decisions.find(name)).since, place_of).items():
                theirs[place] = min(theirs.get(place, since), since)
    units, salt = _units(profiles), salts.layer_salt(project.settings.name, layer)
    places = [_mailbox(profiles[row]) for row in rows]
    inside = in_range([units[place] for place in places], salt, layer_ranges(shares)[campaign.name])
    return [
        row
        for row, place, drawn in zip(rows, places, inside, strict=True)
        if (own[place] <= theirs.get(place, own[place]) if place in own else drawn and place not in theirs)
    ]


def _first_by_place(since: Mapping[str, datetime], place_of: Mapping[str, str]) -> dict[str, datetime]:
    first: dict[str, datetime] = {}
    for person, moment in since.items():
        place = place_of.get(person, person)
        first[place] = min(first.get(place, moment), moment)
    return first


def assign_people(
    project: Project,
    campaign: Campaign,
    table: FeatureTable,
    profiles: Sequence[Profile],
    rows: Sequence[int],
    earlier: Earlier,
) -> Assigned:
    """Split the people at `rows`: the holdout of all campaigns, then this campaign's, then its variants.

    Whoever has an arm keeps it, and so does somebody with the same address; a changed share is for newcomers. Only the
    holdout of all campaigns comes before that: nobody in it is written to. With `experiment.strata`, newcomers are
    split by blocks within the strata, else by hash.
    """
    outside = _held_out_of_all(project, profiles, rows)
    globally = [row for row, out in zip(rows, outside, strict=True) if out]
    left = [row for row, out in zip(rows, outside, strict=True) if not out]
    weights = {name: spec.weight for name, spec in campaign.experiment.variants.items()} if campaign.experiment else {}
    shares = shares_of(weights) if weights else {_TREATED: 1.0}
    strata = _strata(campaign, table, left)
    known = _known(project, campaign, profiles, left, earlier, shares)
    # Only newcomers are dealt: within a block, those who have an arm would take places that are not theirs any more.
    new = [at for at, arm in enumerate(known) if arm is None]
    people = [profiles[left[at]].person_id for at in new]
    drawn = dict(
        zip(new, _draw(project, campaign, people, [strata[at] for at in new] if strata else (), shares), strict=True)
    )
    arms = keep_arms([drawn.get(at, "") for at in range(len(left))], known)
    treated = [(row, arm) for row, arm in zip(left, arms, strict=True) if arm != HOLDOUT]
    planned = {HOLDOUT: campaign.holdout} | {arm: (1 - campaign.holdout) * share for arm, share in shares.items()}
    return Assigned(
        treated=[row for row, _ in treated],
        holdout=[row for row, arm in zip(left, arms, strict=True) if arm == HOLDOUT],
        global_holdout=globally,
        variants=[arm for _, arm in treated] if weights else (),
        shares=planned,
        strata=dict(zip(left, strata, strict=True)) if strata else {},
    )


def _draw(
    project: Project,
    campaign: Campaign,
    people: Sequence[str],
    strata: Sequence[str],
    shares: Mapping[str, float],
) -> list[str]:
    """Each newcomer's arm: 'holdout', or the variant."""
    name = project.settings.name
    if strata:
        held = {HOLDOUT: campaign.holdout} if campaign.holdout else {}
        joint = held | {arm: (1 - campaign.holdout) * share for arm, share in shares.items()}
        return block_arms(people, strata, salts.block_salt(name, campaign.name, campaign.step), joint)
    held_out = split_by_hash(people, salts.holdout_salt(name, campaign.name), campaign.holdout)
    variants = draw_arms(people, salts.variant_salt(name, campaign.name), shares)
    return [HOLDOUT if out else variant for out, variant in zip(held_out, variants, strict=True)]


def _known(
    project: Project,
    campaign: Campaign,
    profiles: Sequence[Profile],
    rows: Sequence[int],
    earlier: Earlier,
    shares: Mapping[str, float],
) -> list[str | None]:
    """What each person has already: 'holdout', a variant, or None. Who was treated before there were variants, or in
    one that is no more, stays treated and is drawn into one by hash."""
    if not earlier.arms:
        return [None] * len(rows)
    of_address = {address_of(p): p.person_id for p in profiles if p.email and p.person_id in earlier.arms}
    salt = salts.variant_salt(project.settings.name, campaign.name)
    known: list[str | None] = []
    for row in rows:
        person: str | None = profiles[row].person_id
        if person not in earlier.arms:
            person = of_address.get(address_of(profiles[row]))
        if person is None:
            known.append(None)
        elif earlier.arms[person] == HOLDOUT:
            known.append(HOLDOUT)
        else:
            variant = earlier.variants.get(person, "")
            known.append(variant if variant in shares else draw_arm(person, salt, shares))
    return known


def _held_out_of_all(project: Project, profiles: Sequence[Profile], rows: Sequence[int]) -> list[bool]:
    """Whether an address is in the holdout of all campaigns: it is if one of its people is, so that nobody leaves the
    holdout because somebody came to share the address."""
    settings = project.settings.experiments
    if not settings.global_holdout:
        return [False] * len(rows)
    salt = salts.global_salt(project.settings.name, settings.global_salt)
    held = split_by_hash([profile.person_id for profile in profiles], salt, settings.global_holdout)
    silent = {_mailbox(profile) for profile, out in zip(profiles, held, strict=True) if out}
    return [_mailbox(profiles[row]) in silent for row in rows]


def _mailbox(profile: Profile) -> str:
    """The address, or the person where there is none."""
    return address_of(profile) or profile.person_id


def _units(profiles: Sequence[Profile]) -> dict[str, str]:
    """The smallest person_id of each address: the unit that is hashed into a layer."""
    units: dict[str, str] = {}
    for profile in profiles:
        place = _mailbox(profile)
        units[place] = min(units.get(place, profile.person_id), profile.person_id)
    return units


def _strata(campaign: Campaign, table: FeatureTable, rows: Sequence[int]) -> list[str]:
    """Each person's stratum; what nobody may know of a person, or nobody knows, is a value of its own. Empty without
    strata."""
    names = campaign.experiment.strata if campaign.experiment else ()
    if not names:
        return []
    columns = [table.columns[name] for name in names]
    return [" | ".join("unknown" if column[row] is None else str(column[row]) for column in columns) for row in rows]
