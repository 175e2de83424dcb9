"""From an audience to its briefs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tailorbird.pipeline.select_people import Selection
from tailorbird.project.project import Project
from tailorbird.stages.briefs.cells import assign_cells, subject_family
from tailorbird.stages.briefs.compose import compose_brief, family_items
from tailorbird.stages.briefs.slot_values import item_slots, slot_samples
from tailorbird.types.brief import Brief, Subject
from tailorbird.types.campaign import Campaign
from tailorbird.types.item import Item

HERO_FAMILY = "hero_family"


@dataclass(frozen=True)
class BriefPlan:
    """The subject and locale of each treated person, in their order, and every brief, largest subject first."""

    subjects: Sequence[Subject]
    locales: Sequence[str]
    sizes: Mapping[tuple[str, str], int]
    briefs: Sequence[Brief]

    def detail(self) -> dict[str, Any]:
        """Counts for the run ledger."""
        levels = Counter(f"{subject.level}: {subject.kind}" for subject in self.subjects)
        default = sum(1 for subject in self.subjects if subject.kind == "default")
        return {
            "briefs": len(self.briefs),
            "subjects": len(self.sizes),
            "by_level": dict(sorted(levels.items())),
            "people_default": default,
            "people_specific": len(self.subjects) - default,
        }


def plan_briefs(
    project: Project,
    campaign: Campaign,
    selection: Selection,
    heroes: Sequence[str | None],
    items: Mapping[str, Item],
) -> BriefPlan:
    """Cells for the treated people, then one brief per subject × locale × block that a model may write.

    `heroes` is the item each of them is shown first: its family can be a lattice's attribute, `hero_family`.

    Within one locale a subject must again have k readers, or the locale's default brief serves them: a brief that
    fewer than k people read could tell about a person.
    """
    rows, locales = selection.treated, selection.locales(project.settings.locales)
    subjects = [Subject("default")] * len(rows)
    shown = {
        HERO_FAMILY: {
            row: items[hero].family if hero is not None else None for row, hero in zip(rows, heroes, strict=True)
        }
    }
    sensitive = [definition.name for definition in project.features if definition.sensitive]
    for locale in sorted(set(locales)):
        here = [i for i, spoken in enumerate(locales) if spoken == locale]
        cells = assign_cells(selection.table, [rows[i] for i in here], campaign.briefs, sensitive, shown)
        for i, subject in zip(here, cells, strict=True):
            subjects[i] = subject
    sizes = Counter((subject.label(), locale) for subject, locale in zip(subjects, locales, strict=True))
    by_label = {subject.label(): subject for subject in subjects}
    written = [name for name, spec in campaign.blocks.items() if spec.generate]
    briefs = [
        compose_brief(
            campaign,
            block,
            by_label[label],
            locale,
            items.values(),
            project.brand,
            project.prompts.get(campaign.blocks[block].prompt or ""),
            project.settings.catalog.facts,
        )
        for (label, locale), _size in sorted(sizes.items(), key=lambda pair: (-pair[1], pair[0]))
        for block in written
    ]
    return BriefPlan(subjects, locales, dict(sizes), briefs)


def samples_for(
    project: Project, campaign: Campaign, brief: Brief, items: Mapping[str, Item]
) -> dict[str, tuple[str, ...]]:
    """Difficult slot values for a brief's drafts: over every item that may fill them."""
    pool = family_items(items.values(), subject_family(brief.subject, campaign.briefs))
    facts = project.settings.catalog.facts
    rows = [item_slots(item, brief.locale, facts) for item in pool]
    return slot_samples([slot.name for slot in brief.slots], rows)
