"""Copy held against the items that it is shown with: a line, filled in with one item, goes through the validator."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from tailorbird.pipeline.validation.facts_of import Reader, facts_of_items, vocabularies_of
from tailorbird.pipeline.validation.validator import Validator
from tailorbird.project.policies import BRAND_PACK
from tailorbird.project.project import Project
from tailorbird.project.schema_file import read_schema
from tailorbird.stages.validation.repair import slot_span
from tailorbird.types.catalog_schema import CatalogSchema
from tailorbird.types.fact import Entity, Fact, Facts
from tailorbird.types.item import Item
from tailorbird.types.policy import Policy
from tailorbird.types.policy_pack import PolicyPack
from tailorbird.types.slot_text import SlotText
from tailorbird.types.verdict import Verdict

READER = "reader"
"""The entity that a reader's first name belongs to, so that it is no unknown name."""
RIVALS_MAX = 30
_NAME = "person.first_name"


class CopyCheck:
    """Judges lines of one project. `items` are the catalog as it is at `moment` (aware), `zone` the shop's time zone,
    `brand` its name, `packs` the rules that its lines are under, `evidence` gives what allows claims about an item
    ('': about any), `vocabulary` the brand's own words by locale or language."""

    def __init__(
        self,
        validator: Validator,
        items: Mapping[str, Item],
        moment: datetime,
        zone: str,
        brand: str,
        schema: CatalogSchema | None = None,
        packs: tuple[PolicyPack, ...] = (),
        evidence: Callable[[str], Mapping[str, str]] = lambda _: {},
        vocabulary: Mapping[str, frozenset[str]] | None = None,
    ) -> None:
        self._validator, self._items, self._moment = validator, items, moment
        self._zone, self._brand, self._schema = zone, brand, schema or CatalogSchema()
        self._packs, self._evidence = packs, evidence
        self._vocabulary = vocabulary or {}
        self._families: dict[str, list[Item]] = defaultdict(list)
        self._readers: dict[str, Reader] = {}
        self._made: dict[tuple[str, str, str, tuple[str, ...]], Facts] = {}

    def judge(
        self,
        line: SlotText,
        values: Mapping[str, str],
        shown: Sequence[str],
        locale: str,
        policy: Policy,
        reason: str = "",
    ) -> Verdict:
        """The verdict on a line in slot form, filled with `values` of the items `shown` (ids, the first one foremost).

        What the campaign's `reason` says may be said. Spans are in `verdict.text`, the slot-form text.
        """
        policy = replace(policy, packs=self._packs)
        found = self._validator(line.stitch(values), self.facts(values, shown, locale, reason), policy, locale)
        findings = tuple(replace(one, span=slot_span(line, values, one.span)) for one in found.findings)
        return Verdict(found.status, findings, str(line))

    def facts(self, values: Mapping[str, str], shown: Sequence[str], locale: str, reason: str = "") -> Facts:
        """What a line with these values is held against: the same object for the same items, reader and locale."""
        key = (locale, reason, values.get(_NAME, ""), tuple(shown))
        if key not in self._made:
            if not self._families:
                for item in self._items.values():
                    self._families[item.family].append(item)
            items = [self._items[item_id] for item_id in shown if item_id in self._items]
            named = dict.fromkeys(item.family for item in items)
            rivals = [one for family in named for one in self._families[family] if one.item_id not in shown]
            facts = facts_of_items(items, self._moment, self._reader(locale), rivals[:RIVALS_MAX], self._brand)
            reader = [Entity(READER, (values[_NAME],))] if values.get(_NAME) else []
            own = [word for name in (locale, locale.split("-")[0]) for word in sorted(self._vocabulary.get(name, ()))]
            told = [Fact("reason", reason)] if reason else []
            campaign = Entity("campaign", (), (*told, *(Fact("vocabulary", word) for word in own)))
            evidence = self._evidence(shown[0] if len(shown) == 1 else "")
            self._made[key] = replace(facts, subjects=(*facts.subjects, campaign, *reader), evidence=evidence)
        return self._made[key]

    def _reader(self, locale: str) -> Reader:
        if locale not in self._readers:
            vocabularies = vocabularies_of(self._items.values(), locale, self._schema)
            self._readers[locale] = Reader(locale, self._zone, self._schema, vocabularies)
        return self._readers[locale]


def copy_check(project: Project, validator: Validator, items: Mapping[str, Item], moment: datetime) -> CopyCheck:
    """The check for a project's lines, against its items as they are at a moment."""
    zone, schema = project.settings.timezone, read_schema(project.root)
    # What the brand never says, the gate of slot-form lines finds.
    packs = tuple(pack for pack in project.policies.packs if pack.name != BRAND_PACK)
    policies, day = project.policies, moment.date()

    def evidence(item: str) -> Mapping[str, str]:
        return policies.evidence(day, item)

    return CopyCheck(
        validator, items, moment, zone, project.brand.name, schema, packs, evidence, project.brand.vocabulary
    )
