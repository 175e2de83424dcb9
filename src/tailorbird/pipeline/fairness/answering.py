"""The pipeline's answers to personas: withheld, placed in a brief, decided with the same draws, stitched and built."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tailorbird.pipeline.decide import decide_treatment
from tailorbird.pipeline.fairness.ground import Ground
from tailorbird.pipeline.fairness.persona_events import World
from tailorbird.pipeline.plan_briefs import HERO_FAMILY, BriefPlan
from tailorbird.pipeline.recommend import Shown, choose_shown
from tailorbird.pipeline.select_people import HERO_FEATURES, PERSONALIZATION, Selection, can_offer
from tailorbird.pipeline.stitch import Stitched
from tailorbird.stages.audiences.eligibility import judge_eligibility
from tailorbird.stages.audiences.rules import select_people
from tailorbird.stages.briefs.cells import place_people
from tailorbird.stages.briefs.person_slots import clean_first_name
from tailorbird.stages.fairness.answers import Answer
from tailorbird.stages.fairness.offers import price_tiers, read_offer
from tailorbird.stages.features.withhold import withhold_features
from tailorbird.types.brief import Subject
from tailorbird.types.consent import is_granted
from tailorbird.types.decision import Decision
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.feature import FeatureTable, RawFeatures
from tailorbird.types.profile import Profile

NEUTRAL_NAME = "Alex"
"""The first name that stands for everybody's where copy is measured: a longer name is no longer letter."""
_READ_OF_PROFILE = ("first_name", "locale", "timezone", "country")


class Answering:
    """Asks the pipeline for what each context gets in a world. Ids, and with them all draws, are those of the contexts,
    and so are other people, items, lines and the moment."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._tiers = price_tiers(ground.items)
        self._cells: dict[str, list[Subject]] = {}
        for subject, locale in zip(ground.plan.subjects, ground.plan.locales, strict=True):
            self._cells.setdefault(locale, []).append(subject)
        self._cells = {locale: list(dict.fromkeys(cells)) for locale, cells in self._cells.items()}

    def ask(self, world: World) -> list[Answer]:
        """The answers to a world's personas, in the contexts' order."""
        ground, profiles = self._ground, world.profiles
        ids = [profile.person_id for profile in profiles]
        consents = [profile.consents for profile in profiles]
        table = withhold_features(RawFeatures(ground.as_of, ids, world.raw), ground.project.features, consents)
        selection = self._selection(table, profiles)
        shown = choose_shown(ground.project, ground.campaign, selection, ground.items, ground.warehouse)
        plan = self._plan(selection, shown)
        decisions = decide_treatment(
            ground.project, ground.campaign, selection, shown, plan, ground.items, ground.lines, ground.learned
        )
        written_to = self._written_to(table, profiles)
        return [
            self._answer(row, world, table, decision, ok)
            for row, (decision, ok) in enumerate(zip(decisions, written_to, strict=True))
        ]

    def _selection(self, table: FeatureTable, profiles: Sequence[Profile]) -> Selection:
        """The campaign's selection in which the contexts are these personas, and nobody else is decided for."""
        base, rows = self._ground.selection, self._ground.contexts
        columns: dict[str, Sequence[Any]] = {}
        for name, values in base.table.columns.items():
            column = list(values)
            for row, value in zip(rows, table.columns[name], strict=True):
                column[row] = value
            columns[name] = column
        people, allowed = list(base.profiles), list(base.allowed)
        for row, profile in zip(rows, profiles, strict=True):
            people[row], allowed[row] = profile, is_granted(profile.consents, PERSONALIZATION)
        whole = replace(base.table, columns=columns, withheld={})
        return replace(base, table=whole, profiles=people, allowed=allowed, treated=list(rows), holdout=())

    def _plan(self, selection: Selection, shown: Shown) -> BriefPlan:
        """Each persona in the finest brief that the campaign's audience made and that fits."""
        ground, rows = self._ground, selection.treated
        families = {
            row: ground.items[hero].family if hero is not None else None
            for row, hero in zip(rows, shown.heroes(), strict=True)
        }
        locales = selection.locales(ground.project.settings.locales)
        subjects = [
            place_people(
                selection.table, [row], ground.campaign.briefs, self._cells.get(locale, ()), {HERO_FAMILY: families}
            )[0]
            for row, locale in zip(rows, locales, strict=True)
        ]
        return BriefPlan(subjects, locales, ground.plan.sizes, ground.plan.briefs)

    def _written_to(self, table: FeatureTable, profiles: Sequence[Profile]) -> list[bool]:
        """Who is in the audience and may be written to; caps and suppressions are by person, and so do not change."""
        ground, campaign = self._ground, self._ground.campaign
        matched = select_people(ground.project.audiences[campaign.audience], table)
        judged = judge_eligibility(
            profiles, matched, campaign.purpose, campaign.channel, frozenset(), {}, campaign.caps.messages
        )
        feature = HERO_FEATURES.get(campaign.items.source)
        return [
            ok and (feature is None or can_offer(table, feature, row, ground.items))
            for row, ok in enumerate(judged.eligible)
        ]

    def _answer(self, row: int, world: World, table: FeatureTable, decision: Decision, written_to: bool) -> Answer:
        profile = world.profiles[row]
        personal = is_granted(profile.consents, PERSONALIZATION)
        raw = {name: _text(column[row]) for name, column in world.raw.items()}
        raw |= {f"profile.{name}": _text(getattr(profile, name)) for name in _READ_OF_PROFILE}
        withheld = {name for name, marks in table.withheld.items() if marks[row]}
        silent = frozenset(withheld if personal else {*withheld, "profile.first_name"})
        answer = Answer(written_to, _text(dict(profile.consents)), raw, silent)
        if not written_to:
            return answer
        items = tuple(placement.item_id or "" for placement in decision.slate if placement.block == "item")
        answer = replace(answer, locale=decision.locale, cell=decision.subject, items=items)
        try:
            message, stitched, _ = self._ground.builder.build(decision, profile, self._ground.as_of)
        except TailorbirdError:
            return answer
        texts = self._neutral_texts(decision, profile, personal, message.message_id, stitched)
        rungs = list(stitched.rungs.values())
        return replace(
            answer,
            lines=tuple(sorted(stitched.creative_ids.items())),
            fallback=rungs.count("template") / len(rungs),
            texts=texts,
            offer=read_offer(items, self._ground.items, texts),
            price_tier=self._tiers.get(items[0], float("nan")) if items else float("nan"),
            digest=hashlib.sha256(message.raw).hexdigest(),
        )

    def _neutral_texts(
        self, decision: Decision, profile: Profile, personal: bool, message_id: str, stitched: Stitched
    ) -> tuple[str, ...]:
        """The message's blocks as they stand, but with the same first name for everybody who has one."""
        blocks = stitched.blocks
        if personal and clean_first_name(profile.first_name):
            plain = frozenset(block for block in blocks if block not in stitched.creative_ids)
            bare = frozenset(block for block in plain if blocks[block] == self._ground.project.brand.name)
            other = replace(profile, first_name=NEUTRAL_NAME)
            blocks = self._ground.stitcher.stitch(decision, other, personal, False, message_id, plain, bare).blocks
        return tuple(blocks[block] for block in self._ground.campaign.blocks)


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)
