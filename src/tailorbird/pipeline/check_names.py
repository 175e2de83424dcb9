"""Names that parse but probably are another name misspelt, and files that nothing reads: the check's warnings."""

import difflib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tailorbird.pipeline.check_counted import EVENTS
from tailorbird.project.consent_references import PURPOSES
from tailorbird.project.project import Project

TRAITS = ("email", "firstName", "locale", "timezone", "country")
"""Traits that Tailorbird reads."""

_FOLDERS = (
    "audiences", "brand", "campaigns", "catalog", "features", "imports", "knowledge", "pilots", "policies", "prompts",
    "templates",
)  # fmt: skip


def warn_of_misspellings(project: Project) -> list[str]:
    """One warning per name that is nearly a known one, and per file or folder that is read by nothing."""
    imported = {target.event for mapping in project.mappings.values() for target in mapping.events}
    warnings = []
    for feature in project.features:
        if feature.event is not None:
            warnings += _near(f"feature {feature.name}: event", feature.event, {*EVENTS, *imported})
        warnings += _near(f"feature {feature.name}: purpose", feature.purpose, PURPOSES)
    for campaign in project.campaigns.values():
        warnings += _near(f"campaign {campaign.name}: purpose", campaign.purpose, PURPOSES)
    for stem, mapping in project.mappings.items():
        for target in mapping.events:
            warnings += _near(f"mapping {stem}: event", target.event, EVENTS)
        for trait in mapping.traits.traits if mapping.traits else ():
            warnings += _near(f"mapping {stem}: trait", trait, TRAITS)
        for purpose in mapping.traits.consents if mapping.traits else ():
            warnings += _near(f"mapping {stem}: consent", purpose, PURPOSES)
    return [*dict.fromkeys(warnings), *_ignored(project.root)]


def _near(where: str, name: str, known: Iterable[str]) -> list[str]:
    names = set(known)
    if name in names:
        return []
    folded = {other.casefold().replace("_", " "): other for other in sorted(names)}
    near = difflib.get_close_matches(name.casefold().replace("_", " "), folded, n=1, cutoff=0.85)
    return [f"{where} is {name!r}; did you mean {folded[near[0]]!r}?"] if near else []


def _ignored(root: Path) -> Iterator[str]:
    for path in sorted(root.glob("*.yml")):
        yield f"{path.name} is not read; call it {path.stem}.yaml"
    for folder in _FOLDERS:
        for path in sorted((root / folder).rglob("*.yml")):
            yield f"{path.relative_to(root)} is not read; call it {path.stem}.yaml"
    for path in sorted(root.iterdir()):
        if path.is_dir() and path.name not in _FOLDERS:
            near = _folder_like(path.name, _FOLDERS)
            if near and not (root / near).exists():
                yield f"the folder {path.name}/ is not read; did you mean {near}/?"


def _folder_like(name: str, known: Sequence[str]) -> str:
    return next(iter(difflib.get_close_matches(name.casefold(), known, n=1, cutoff=0.8)), "")
