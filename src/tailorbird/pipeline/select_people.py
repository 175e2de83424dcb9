"""From everybody to the people a campaign step may write to, and the share that it holds out."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tailorbird.pipeline.people import compute_features
from tailorbird.ports.decision_store import DecisionStore
from tailorbird.ports.suppressions import Suppressions
from tailorbird.ports.warehouse import Warehouse
from tailorbird.project.project import Project
from tailorbird.stages.audiences.eligibility import Eligibility, judge_eligibility
from tailorbird.stages.audiences.holdout import split_holdout
from tailorbird.stages.audiences.rules import select_people
from tailorbird.stages.features.withhold import has_consent
from tailorbird.types.audience import AudienceRule
from tailorbird.types.campaign import Campaign
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
    judge, because their consent does not cover a feature it asks for: they never match.
    """

    table: FeatureTable
    profiles: Sequence[Profile]
    allowed: Sequence[bool]
    treated: Sequence[int]
    holdout: Sequence[int]
    matched: int
    withheld: int
    excluded: Mapping[str, int]

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
    """Apply the audience's rule, then consent, suppressions, caps and addresses, then the holdout.

    A campaign about one item (the basket's, the one to replenish) leaves out people whose item cannot be offered
    now ('no_item'), before the holdout is drawn, so that both arms stay comparable.

    Raises EmptyAudienceError if nobody is left. The holdout's salt is the campaign's name, so that a person stays
    held out over all of its steps.
    """
    defaults = project.settings.consent.defaults
    table, profiles = compute_features(warehouse, project.features, as_of, project.settings.timezone, defaults)
    rule = project.audiences[campaign.audience]
    matched = select_people(rule, table)
    if not any(matched):
        raise EmptyAudienceError(
            f"audience {campaign.audience!r} matches none of {len(profiles):,} people at {as_of:%Y-%m-%d %H:%M} UTC; "
            f"change audiences/{campaign.audience}.yaml, or import newer events"
        )
    judged = _judge(project, campaign, as_of, profiles, matched, decisions, suppressions)
    excluded = {str(reason): count for reason, count in judged.excluded.items()}
    rows = [row for row, ok in enumerate(judged.eligible) if ok]
    if feature := HERO_FEATURES.get(campaign.items.source):
        offered = [row for row in rows if _can_offer(table, feature, row, items)]
        excluded["no_item"] = len(rows) - len(offered)
        rows = offered
    if not rows:
        why = ", ".join(f"{count:,} {reason}" for reason, count in excluded.items() if count)
        raise EmptyAudienceError(f"audience {campaign.audience!r}: all {judged.matched:,} people are excluded ({why})")
    ids = [profiles[row].person_id for row in rows]
    held = split_holdout(ids, f"{project.settings.name}|{campaign.name}|holdout", campaign.holdout)
    return Selection(
        table=table,
        profiles=profiles,
        allowed=[has_consent(profile.consents, PERSONALIZATION, defaults) for profile in profiles],
        treated=[row for row, out in zip(rows, held, strict=True) if not out],
        holdout=[row for row, out in zip(rows, held, strict=True) if out],
        matched=judged.matched,
        withheld=_count_withheld(rule, table),
        excluded=excluded,
    )


def _judge(
    project: Project,
    campaign: Campaign,
    as_of: datetime,
    profiles: Sequence[Profile],
    matched: Sequence[bool],
    decisions: DecisionStore,
    suppressions: Suppressions,
) -> Eligibility:
    since = as_of - timedelta(days=campaign.caps.days)
    recent = Counter(person for person, _ in decisions.recent(since))
    # A step must not find its own people capped by what it decided itself, if it is planned or run again.
    own = decisions.find(campaign.name, campaign.step)
    recent.subtract(d.person_id for d in own if d.arm == "treatment" and d.decided_at >= since)
    return judge_eligibility(
        profiles,
        matched,
        campaign.purpose,
        project.settings.consent.defaults,
        suppressions.all(campaign.channel),
        recent,
        campaign.caps.messages,
    )


def _can_offer(table: FeatureTable, feature: str, row: int, items: Mapping[str, Item]) -> bool:
    item = items.get(table.columns[feature][row] or "")
    return item is not None and item.in_stock


def _count_withheld(rule: AudienceRule, table: FeatureTable) -> int:
    names = {condition.feature for condition in (*rule.all, *rule.any)}
    marks = [table.withheld[name] for name in names if name in table.withheld]
    return sum(map(any, zip(*marks, strict=True)))


def serve_locale(profile: Profile, locales: Sequence[str]) -> str:
    """The project's locale for a person: the same one, else one of the same language, else the first."""
    spoken = (profile.locale or "").replace("_", "-")
    if spoken in locales:
        return spoken
    language = spoken.split("-")[0].lower()
    return next((locale for locale in locales if language and locale.split("-")[0].lower() == language), locales[0])
