"""From everybody to the people a campaign step may write to, by arm."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tailorbird.pipeline.assign import Earlier, assign_people, leave_to_layer, read_earlier
from tailorbird.pipeline.people import compute_features
from tailorbird.ports.decision_store import DecisionStore
from tailorbird.ports.suppressions import ERASED, Suppressions
from tailorbird.ports.warehouse import Warehouse
from tailorbird.project.project import Project
from tailorbird.stages.audiences.eligibility import (
    MAILBOX,
    Eligibility,
    judge_eligibility,
    keep_one_per_address,
    mailbox_hash,
)
from tailorbird.stages.audiences.rules import cannot_be_judged, select_people
from tailorbird.stages.consent.effective import ConsentRules
from tailorbird.types.campaign import Campaign
from tailorbird.types.consent import is_granted
from tailorbird.types.decision import Decision
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.feature import FeatureTable
from tailorbird.types.item import Item
from tailorbird.types.profile import Profile

PERSONALIZATION = "personalization"
HERO_FEATURES = {"last_item": "last_item", "basket": "basket_item"}
"""The feature that names the item a message must be about, by the campaign's item source."""


class EmptyAudienceError(TailorbirdError):
    """Nobody is left to write to; the message says at which point."""


@dataclass(frozen=True)
class Selection:
    """Everybody's features and profiles, in one order, and the rows that are treated and held out.

    `allowed[i]` is person i's consent to personalization. `withheld` counts the people whom the audience's rule cannot
    judge, because their consent does not cover a feature it asks for: they never match. `holdout_share` is the share
    by which newcomers were split: the campaign's. `as_of` is the moment that features and decisions speak of.

    `variants` are the arms of the campaign's experiment, one for each of `treated` (none without variants);
    `global_holdout` are the rows that are held out of all campaigns, by `global_share`, which count among the
    `excluded`; `shares` is what newcomers were split by, holdout and variants, and `strata` names each row's stratum,
    if there are any.
    """

    as_of: datetime
    table: FeatureTable
    profiles: Sequence[Profile]
    allowed: Sequence[bool]
    treated: Sequence[int]
    holdout: Sequence[int]
    matched: int
    withheld: int
    excluded: Mapping[str, int]
    holdout_share: float
    variants: Sequence[str] = ()
    global_holdout: Sequence[int] = ()
    shares: Mapping[str, float] = field(default_factory=dict)
    strata: Mapping[int, str] = field(default_factory=dict)
    global_share: float = 0.0

    def locales(self, spoken: Sequence[str]) -> list[str]:
        """The locale, of those the project speaks, that serves each treated person."""
        return [serve_locale(self.profiles[row], spoken) for row in self.treated]

    def detail(self) -> dict[str, Any]:
        """Counts for the run ledger."""
        return {
            "people": len(self.profiles),
            "matched": self.matched,
            "withheld": self.withheld,
            "excluded": dict(self.excluded),
            "eligible": len(self.treated) + len(self.holdout),
            "treated": len(self.treated),
            "holdout": len(self.holdout),
            "holdout_share": self.holdout_share,
            "global_share": self.global_share,
            **({"variants": dict(Counter(self.variants)), "shares": dict(self.shares)} if self.variants else {}),
        }


def select_for_campaign(
    project: Project,
    campaign: Campaign,
    as_of: datetime,
    warehouse: Warehouse,
    decisions: DecisionStore,
    suppressions: Suppressions,
    items: Mapping[str, Item],
) -> Selection:
    """Apply the audience's rule, then consent, suppressions, caps and addresses, one person for each address, then
    the holdout.

    A campaign about one item (the basket's, the one to replenish) leaves out people whose item cannot be offered
    now ('no_item'), before the holdout is drawn, so that both arms stay comparable.

    Raises EmptyAudienceError if nobody is left. The holdout's salt is the campaign's name, and whoever has an arm in
    the campaign keeps it in later steps, even if the share was changed meanwhile: a new share is for newcomers.
    """
    rules = ConsentRules(project.settings.consent)
    table, profiles = compute_features(warehouse, project.features, as_of, project.settings.timezone, rules)
    rule = project.audiences[campaign.audience]
    matched = select_people(rule, table)
    withheld = sum(cannot_be_judged(rule, table))
    if not any(matched):
        barred = f" ({withheld:,} of them cannot be judged for want of consent)" if withheld else ""
        raise EmptyAudienceError(
            f"audience {campaign.audience!r} matches none of {len(profiles):,} people at {as_of:%Y-%m-%d %H:%M} UTC"
            f"{barred}; change audiences/{campaign.audience}.yaml, or import newer events"
        )
    made = decisions.find(campaign.name)
    judged = _judge(project, campaign, as_of, profiles, matched, made, decisions, suppressions)
    earlier = read_earlier(made)
    rows, excluded = _who_is_left(campaign, table, profiles, judged, items, earlier)
    mine = leave_to_layer(project, campaign, profiles, rows, earlier, decisions)
    excluded["other_experiment"] = len(rows) - len(mine)
    assigned = assign_people(project, campaign, table, profiles, mine, earlier)
    excluded["global_holdout"] = len(assigned.global_holdout)
    if not (assigned.treated or assigned.holdout):
        why = ", ".join(f"{count:,} {reason}" for reason, count in excluded.items() if count)
        raise EmptyAudienceError(f"audience {campaign.audience!r}: all {judged.matched:,} people are excluded ({why})")
    return Selection(
        as_of=as_of,
        table=table,
        profiles=profiles,
        allowed=[is_granted(profile.consents, PERSONALIZATION) for profile in profiles],
        treated=assigned.treated,
        holdout=assigned.holdout,
        matched=judged.matched,
        withheld=withheld,
        excluded=excluded,
        holdout_share=campaign.holdout,
        variants=assigned.variants,
        global_holdout=assigned.global_holdout,
        shares=assigned.shares,
        strata=assigned.strata,
        global_share=project.settings.experiments.global_holdout,
    )


def _judge(
    project: Project,
    campaign: Campaign,
    as_of: datetime,
    profiles: Sequence[Profile],
    matched: Sequence[bool],
    made: Sequence[Decision],
    decisions: DecisionStore,
    suppressions: Suppressions,
) -> Eligibility:
    since = as_of - timedelta(days=campaign.caps.days)
    recent = Counter(person for person, _ in decisions.recent(since))
    # A step must not find its own people capped by what it decided itself, if it is planned or run again.
    own = [decision for decision in made if decision.step == campaign.step]
    recent.subtract(d.person_id for d in own if d.arm == "treatment" and d.decided_at >= since)
    wanted = [profile for profile, match in zip(profiles, matched, strict=True) if match]
    mailboxes = [mailbox_hash(profile.email) for profile in wanted if profile.email]
    return judge_eligibility(
        profiles,
        matched,
        campaign.purpose,
        campaign.channel,
        suppressions.all(campaign.channel) | suppressions.among([profile.person_id for profile in wanted], ERASED),
        recent,
        campaign.caps.messages,
        suppressions.all(MAILBOX) | suppressions.among(mailboxes, ERASED),
    )


def _who_is_left(
    campaign: Campaign,
    table: FeatureTable,
    profiles: Sequence[Profile],
    judged: Eligibility,
    items: Mapping[str, Item],
    earlier: Earlier,
) -> tuple[list[int], dict[str, int]]:
    """The rows that remain, and how many each reason took."""
    excluded = {str(reason): count for reason, count in judged.excluded.items()}
    rows = [row for row, ok in enumerate(judged.eligible) if ok]
    if features := _hero_features(campaign):
        offered = [row for row in rows if all(can_offer(table, feature, row, items) for feature in features)]
        excluded["no_item"] = len(rows) - len(offered)
        rows = offered
    kept = keep_one_per_address(profiles, rows, earlier.arms.keys() | earlier.silent)
    excluded["same_address"] = len(rows) - len(kept)
    return kept, excluded


def _hero_features(campaign: Campaign) -> list[str]:
    """The features that name an item which must be on offer: the campaign's, and those of every variant where the
    experiment holds the audience equal."""
    specs = [campaign.items]
    if campaign.experiment and "audience" in campaign.experiment.equal:
        specs += [variant.items for variant in campaign.experiment.variants.values() if variant.items]
    return sorted({HERO_FEATURES[spec.source] for spec in specs if spec.source in HERO_FEATURES})


def can_offer(table: FeatureTable, feature: str, row: int, items: Mapping[str, Item]) -> bool:
    """Whether the item that `feature` names for a person can be offered now."""
    item = items.get(table.columns[feature][row] or "")
    return item is not None and item.in_stock


def serve_locale(profile: Profile, locales: Sequence[str]) -> str:
    """The project's locale for a person: the same one, else one of the same language, else the first."""
    spoken = (profile.locale or "").replace("_", "-")
    if spoken in locales:
        return spoken
    language = spoken.split("-")[0].lower()
    return next((locale for locale in locales if language and locale.split("-")[0].lower() == language), locales[0])
