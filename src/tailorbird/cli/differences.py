"""A difference between two versions of the catalog, as lines to read."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tailorbird.types.catalog_diff import CatalogDiff

SHOWN = 20
"""How many of each kind are shown; --json has them all."""


def describe(found: "CatalogDiff") -> list[str]:
    """A difference as lines to read: the counts, then the first SHOWN of each kind."""
    from tailorbird.stages.catalog.diff import count_changes, percent

    counts = count_changes(found)
    lines = [f"{found.before} to {found.after}: " + ", ".join(f"{n:,} {name}" for name, n in counts.items())]
    lines += [f"  + {item_id}  {item.get('name', '')}" for item_id, item in list(found.added.items())[:SHOWN]]
    lines += [f"  - {item_id}  {item.get('name', '')}" for item_id, item in list(found.removed.items())[:SHOWN]]
    for one in found.changed[:SHOWN]:
        parts = []
        for name, (old, new) in one.fields.items():
            share = percent(old, new) if name == "price" else None
            parts.append(f"{name} {_shown(old)} to {_shown(new)}" + (f" ({share:+} %)" if share is not None else ""))
        lines.append(f"  ~ {one.item_id}: {'; '.join(parts)}")
    hidden = sum(max(0, len(part) - SHOWN) for part in (found.added, found.removed, found.changed))
    return [*lines, f"  and {hidden:,} more; --json has them all"] if hidden else lines


def _shown(value: Any) -> str:
    return "none" if value is None else str(value)
