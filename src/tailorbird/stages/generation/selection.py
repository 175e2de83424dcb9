"""Which drafts to keep: distinct ones, the most fluent first."""

import re
from collections.abc import Sequence

from tailorbird.types.draft import Draft


def rank_drafts(drafts: Sequence[Draft], keep: int, taken: Sequence[str] = ()) -> list[Draft]:
    """At most `keep` drafts by rank (mean log-probability; higher is better), each saying something new.

    Two lines are the same where they differ only in case, marks, spaces or which of the item's names they use;
    `taken` are lines that exist already.
    """
    seen = {_skeleton(text) for text in taken}
    kept: list[Draft] = []
    for draft in sorted(drafts, key=lambda d: (-d.rank, d.text)):
        if len(kept) >= keep:
            break
        skeleton = _skeleton(draft.text)
        if skeleton not in seen:
            seen.add(skeleton)
            kept.append(draft)
    return kept


def _skeleton(text: str) -> str:
    one_name = text.casefold().replace("item.short_name", "item.name")
    return re.sub(r"[^\w.{}]+|\.(?!\w)", "", one_name)
