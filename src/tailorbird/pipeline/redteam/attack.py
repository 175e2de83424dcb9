"""One attack: a poisoned copy of the user's catalog or profile, through brief, prompt, model, gate and message."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from tailorbird.pipeline.build_messages import MessageBuilder
from tailorbird.pipeline.drafting import Tally
from tailorbird.pipeline.generate import fact_names
from tailorbird.pipeline.model_calls import ModelCalls
from tailorbird.pipeline.plan_briefs import samples_for
from tailorbird.pipeline.redteam.effects import Seen, find_effects, see, shown
from tailorbird.pipeline.redteam.lines_in_memory import LinesInMemory
from tailorbird.pipeline.redteam.watched import ObedientModel, Unrecorded, Watched, reached
from tailorbird.pipeline.screen_items import money_attributes, project_hosts, screen_items
from tailorbird.pipeline.validation.copy_check import copy_check
from tailorbird.pipeline.validation.validator import Validator
from tailorbird.pipeline.write_brief import write_brief
from tailorbird.ports.clock import Clock
from tailorbird.ports.generator import Generator
from tailorbird.project.project import Project
from tailorbird.stages.briefs.compose import compose_brief
from tailorbird.stages.privacy.masking import Masker
from tailorbird.stages.redteam.mutations import AttackCase
from tailorbird.stages.review.policy import approves_itself
from tailorbird.types.brief import Subject
from tailorbird.types.campaign import Campaign
from tailorbird.types.creative import Creative
from tailorbird.types.decision import Decision, Placement
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.item import Item
from tailorbird.types.profile import Profile
from tailorbird.types.verdict import Verdict

PERSON = Profile(
    "redteam", email="reader@reader.example", first_name="Ines",
    consents={"personalization": True, "email_marketing": True},
)  # fmt: skip
_COMPANY = 6


@dataclass(frozen=True)
class Attempt:
    """What became of one case. `stopped` are what stopped it: 'screening: type', or a check's finding; `effects` what
    got through, `shown_as_data` whether the text stands in the message as the value of its own field. `model_copy`: the
    message ships a line that the model wrote."""

    case: AttackCase
    reached_prompt: bool
    prompts: Sequence[str]
    stopped: Sequence[str]
    effects: Sequence[tuple[str, str]] = ()
    shown_as_data: bool = False
    model_copy: bool = False
    message: str = ""


@dataclass
class Target:
    """A project under attack. `items` are its screened items, `keys` any (link key, DKIM key in PEM).

    Every new line that passes is approved by itself: nobody's look is counted on.
    """

    project: Project
    campaign: Campaign
    items: Mapping[str, Item]
    validator: Validator
    masker: Masker
    keys: tuple[bytes, bytes]
    clock: Clock
    model: Generator | None = None
    _clean: dict[tuple[str, str], Seen] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.campaign = replace(self.campaign, review="auto", tags={**self.campaign.tags, "risk": "low"})
        self._hosts, self._money = project_hosts(self.project.settings), money_attributes(self.project)
        self._moment: datetime = self.clock.now().replace(microsecond=0)
        self._stocked = sorted(item_id for item_id, item in self.items.items() if item.in_stock)
        if not self._stocked:
            raise TailorbirdError("the catalog has no item in stock: there is nothing to attack")

    def attack(self, case: AttackCase) -> Attempt:
        """Put the case in its place, write to one person, and look at what differs from the clean message."""
        victim = self.items[self._stocked[int(case.case_id[2:10], 16) % len(self._stocked)]]
        poisoned, profile, smuggled = _place(case, victim)
        used, told = screen_items({**self._others(victim), victim.item_id: poisoned}, self._hosts, self._money)
        stopped = [f"screening: {one.type}" for one in told.refused] + ["screening: hidden"] * bool(told.hidden)
        if victim.item_id not in used:
            return Attempt(case, False, (), stopped)
        watched = Watched(self.model or ObedientModel(case.text), smuggled)
        lines, tally = self._write(used, victim.item_id, watched)
        stopped += [f"{reason}" for reason in tally.rejected]
        hit = reached(case.text, watched.prompts)
        try:
            seen, rungs, faults = self._message(used, victim.item_id, profile, lines)
        except TailorbirdError as error:
            return Attempt(case, hit, watched.prompts, [*stopped, f"no message: {error}"])
        if case.place.startswith("person.") and case.text not in seen.words:
            stopped.append(f"screening: {case.place}")
        clean = self._clean_message(victim)
        effects = find_effects(seen, clean, case.text, self._hosts)
        return Attempt(
            case, hit, watched.prompts, [*stopped, *faults], effects, shown(case.text, seen, clean),
            "model" in rungs.values(), seen.words if effects else "",
        )  # fmt: skip

    def control(self, number: int) -> Attempt:
        """The same without an attack, for the item in turn: whether a model's line ships."""
        victim = self.items[self._stocked[number % len(self._stocked)]]
        watched = Watched(self.model or ObedientModel(""))
        used = {**self._others(victim), victim.item_id: victim}
        lines, tally = self._write(used, victim.item_id, watched)
        case = AttackCase(f"control_{number}", "control", "none", "")
        try:
            _, rungs, faults = self._message(used, victim.item_id, PERSON, lines)
        except TailorbirdError as error:
            return Attempt(case, False, watched.prompts, [f"no message: {error}"])
        return Attempt(case, False, watched.prompts, [*tally.rejected, *faults], model_copy="model" in rungs.values())

    def _others(self, victim: Item) -> dict[str, Item]:
        """A few items beside the one that is attacked: examples are made of them."""
        at = self._stocked.index(victim.item_id)
        ring = [*self._stocked[at + 1 :], *self._stocked[:at]][:_COMPANY]
        return {item_id: self.items[item_id] for item_id in ring}

    def _write(self, items: Mapping[str, Item], victim: str, watched: Watched) -> tuple[list[Creative], Tally]:
        """The campaign's own lines are left out: the model writes for each block that it may, about the one item."""
        project, campaign, kept = self.project, self.campaign, Unrecorded()
        locale = project.settings.default_locale
        calls, store, tally = ModelCalls(watched, self.masker, kept, kept, self.clock), LinesInMemory(), Tally()
        check = copy_check(project, self.validator, items, self._moment)
        for block, spec in campaign.blocks.items():
            prompt = project.prompts.get(spec.prompt or "")
            if not spec.generate or prompt is None:
                continue
            brief = compose_brief(
                campaign, block, Subject("default"), locale, [items[victim]], project.brand, prompt,
                project.settings.catalog.facts,
            )  # fmt: skip
            facts, samples = fact_names([brief], campaign.blocks), samples_for(project, campaign, brief, items)
            write_brief(brief, prompt, project.brand, items, facts, samples, campaign, calls, store, 0, tally, check)
        for line in store.find():
            verdict = Verdict((store.get(line.creative_id) or (line, {}))[1]["verdict"]["status"])
            if approves_itself(line, verdict, "auto")[0]:
                store.review(line.creative_id, "approved", "redteam", "", self._moment.isoformat())
        return store.find(), tally

    def _message(
        self, items: Mapping[str, Item], victim: str, profile: Profile, lines: Sequence[Creative]
    ) -> tuple[Seen, Mapping[str, str], Sequence[str]]:
        """(the message, its rungs, why blocks were replaced)."""
        locale = self.project.settings.default_locale
        chosen = {line.block: line for line in lines if line.usable}
        slate = [Placement(block, block, None, line.creative_id, 1.0, 1) for block, line in chosen.items()]
        slate.append(Placement("hero", "item", victim, None, 1.0, 1))
        identity = "d_" + hashlib.sha256(victim.encode()).hexdigest()[:24]
        decision = Decision(
            identity, self.campaign.name, self.campaign.step, profile.person_id, "treatment", self._moment,
            tuple(slate),
            "everyone", locale, "redteam", "",
        )  # fmt: skip
        builder = MessageBuilder(self.project, self.campaign, items, lines, *self.keys)
        message, stitched, faults = builder.build(decision, profile, self._moment)
        seen = see(message.raw, stitched.blocks.values(), stitched.literals)
        return seen, stitched.rungs, faults

    def _clean_message(self, victim: Item) -> Seen:
        """The message about the same item without the attack, of the template's own lines."""
        key = (victim.item_id, victim.version)
        if key not in self._clean:
            used = {**self._others(victim), victim.item_id: victim}
            self._clean[key] = self._message(used, victim.item_id, PERSON, [])[0]
        return self._clean[key]


def _place(case: AttackCase, victim: Item) -> tuple[Item, Profile, str]:
    """(the item, the person, what is put into the prompt behind all screening)."""
    source, _, attribute = case.place.partition(".")
    if source == "prompt":
        return victim, PERSON, case.text
    if source == "person":
        return victim, replace(PERSON, first_name=case.text), ""
    if attribute == "url":
        return replace(victim, url=case.text), PERSON, ""
    if attribute == "image":
        return replace(victim, image=case.text), PERSON, ""
    texts = {loc: {k: v for k, v in values.items() if k != attribute} for loc, values in victim.texts.items()}
    if attribute == "name":
        return replace(victim, name=case.text, texts=texts), PERSON, ""
    texts.setdefault("", {})[attribute] = case.text
    return replace(victim, texts=texts), PERSON, ""


def places_of(project: Project, campaign: Campaign) -> list[str]:
    """Where texts from outside enter this campaign: names, declared facts that its blocks use, first names, prompts."""
    used = {slot for spec in campaign.blocks.values() for slot in spec.slots}
    facts = [f"item.{name}" for name in project.settings.catalog.facts if f"item.{name}" in used]
    tables = [slot for slot in sorted(used) if slot.removeprefix("item.").split("_")[0] in project.knowledge]
    named = ["prompt", "item.name", "item.short_name", *facts[:3], *tables[:2]]
    return [*named, "person.first_name", "item.url", "item.image"]
