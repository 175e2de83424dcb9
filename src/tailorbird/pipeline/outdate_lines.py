"""When the catalog changes, the lines that state what is no longer so lose their approval, before anybody decides."""

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from tailorbird.pipeline.catalog import current_catalog
from tailorbird.pipeline.catalog_versions import diff_versions
from tailorbird.ports.creative_store import CreativeStore
from tailorbird.ports.progress import Progress
from tailorbird.ports.warehouse import Warehouse
from tailorbird.project.project import Project
from tailorbird.stages.catalog.outdated import Ground, find_outdated
from tailorbird.types.brand import Brand
from tailorbird.types.catalog_diff import CatalogDiff
from tailorbird.types.creative import Creative
from tailorbird.types.outdated import OutdatedLine

BY = "catalog"
"""Who took the approval away, in a line's history."""


def outdate_lines(
    state_dir: Path, warehouse: Warehouse, creatives: CreativeStore, brand: Brand, at: datetime
) -> list[OutdatedLine]:
    """Compare the current catalog with the one that lines were last compared with; what the change touches.

    Lines that state a changed fact are 'outdated' from then on: they are not chosen, and stand in the review with the
    reason until a person approves them again. Safe to repeat: each change is looked at once, and a crash before the
    note is written looks again.
    """
    current = current_catalog(state_dir)
    note = state_dir / "catalog" / "lines_of"
    if current is None:
        return []
    before = note.read_text(encoding="utf-8", errors="replace").strip() if note.is_file() else ""
    if before == current.stem:
        return []
    found: list[OutdatedLine] = []
    old = current.with_name(f"{before}.parquet")
    if before and old.is_file():
        found = touched_lines(diff_versions(warehouse, old, current), creatives, brand)
        for line in found:
            stored = creatives.get(line.creative_id) if line.kind == "literal" else None
            if stored is not None and stored[0].approval != "outdated":
                creatives.review(line.creative_id, "outdated", BY, line.reason, at.isoformat())
    temporary = note.with_name(f".lines_of.{os.getpid()}.tmp")
    temporary.write_text(current.stem + "\n")
    os.replace(temporary, note)
    return found


def outdate_and_tell(
    project: Project, warehouse: Warehouse, creatives: CreativeStore, at: datetime, progress: Progress | None = None
) -> None:
    """The same for a project, said where somebody listens."""
    found = outdate_lines(project.state_dir, warehouse, creatives, project.brand, at)
    if progress is not None:
        for said in tell_outdated(found):
            progress.say(said)


def touched_lines(diff: CatalogDiff, creatives: CreativeStore, brand: Brand) -> list[OutdatedLine]:
    """The stored lines of all campaigns that a difference touches."""
    lines = [line for line in creatives.find() if line.approval != "rejected"] if not diff.empty else []
    return find_outdated(diff, lines, {line.creative_id: _ground(line, creatives, brand) for line in lines})


def _ground(line: Creative, creatives: CreativeStore, brand: Brand) -> Ground:
    if line.rung != "model":
        families = [known.families for known in brand.approved if known.id == line.tags.get("line")]
        return Ground(families[0] if families else ())
    notes = (creatives.get(line.creative_id) or (line, {}))[1]
    brief = notes.get("brief") or {}
    family = brief.get("family")
    return Ground((family,) if family else (), brief.get("exemplar_item_id"), brief.get("facts") or {})


def tell_outdated(found: Sequence[OutdatedLine]) -> list[str]:
    """What the change does to lines, as sentences; none where it touches no line."""
    literal = [line for line in found if line.kind == "literal"]
    said = [f"{line.creative_id} is outdated: {line.reason}: {line.text}" for line in literal[:10]]
    if len(literal) > 10:
        said.append(f"and {len(literal) - 10:,} more; see 'tailorbird review list --approval outdated'")
    briefs = sum(line.kind == "brief" for line in found)
    if briefs:
        said.append(f"{briefs:,} lines of the model were written from facts that changed: they are written anew")
    slots = sum(line.kind == "slot" for line in found)
    if slots:
        said.append(f"{slots:,} lines fill in a fact that some items no longer have: they are not chosen for those")
    return said
