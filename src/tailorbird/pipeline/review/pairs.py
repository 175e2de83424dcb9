"""Edits become training pairs: what people changed and refused, masked, as rows for tuning a model."""

from collections.abc import Iterator, Mapping
from typing import Any

from tailorbird.ports.creative_store import CreativeStore
from tailorbird.ports.review_record import ReviewRecord
from tailorbird.project.project import Project
from tailorbird.stages.privacy.masking import Masker
from tailorbird.stages.review.pairs import Judged, training_row
from tailorbird.types.creative import Creative
from tailorbird.types.review import ReviewAct

_IDS = {"kind", "role", "before_id", "after_id", "campaign", "block", "locale", "who", "at"}
"""Fields that are no free text, and in which figures are no telephone numbers."""


def training_rows(
    project: Project, creatives: CreativeStore, record: ReviewRecord, masker: Masker, named: bool = False
) -> Iterator[dict[str, Any]]:
    """One row for each edit whose text was approved in the end, and for each line that a person rejected.

    An edit of an edit gives a row for each text on the way, with the last one preferred. To a rejected line belongs a
    line of the same brief that a person approved, where there is one; without, it is a negative example alone.
    Personal data is masked in every text. `who` is a number for the reviewer,
    in the order in which they appear, or the name if `named`.
    """
    acts = [act for act in record.acts() if act.act in ("edit", "reject", "approve")]
    edited = {act.creative_id: act for act in acts if act.act == "edit"}
    numbers: dict[str, int] = {}
    approved = {act.creative_id for act in acts if act.act == "approve"}
    for act in acts:
        found = creatives.get(act.creative_id)
        if act.act == "approve" or found is None or found[0].rung != "model" or found[0].approval != "rejected":
            continue
        before, notes = found
        if act.act == "edit":
            after = _end_of(act, edited, creatives)
            if after is None or not after.usable:
                continue
        elif act.creative_id in edited:  # the edit says more
            continue
        else:
            after = _preferred(before, approved, creatives)
        number = numbers.setdefault(act.by.casefold(), len(numbers) + 1)
        who = act.by if named else f"reviewer_{number}"
        yield _masked(training_row(_judged(project, act, before, after, notes, who)), masker)


def _end_of(act: ReviewAct, edited: Mapping[str, ReviewAct], creatives: CreativeStore) -> Creative | None:
    """The line at the end of a chain of edits."""
    name, seen = act.new_id, set[str]()
    while name in edited and name not in seen:
        seen.add(name)
        name = edited[name].new_id
    found = creatives.get(name)
    return found[0] if found is not None else None


def _preferred(before: Creative, approved: set[str], creatives: CreativeStore) -> Creative | None:
    """A line for the same brief that people found good."""
    if not before.brief_id:
        return None
    same = (before.brief_id, before.block, before.locale)
    for other in creatives.find(before.campaign, "approved"):
        if (other.brief_id, other.block, other.locale) == same and other.creative_id in approved and other.usable:
            return other
    return None


def _judged(
    project: Project, act: ReviewAct, before: Creative, after: Creative | None, notes: Mapping[str, Any], who: str
) -> Judged:
    campaign = project.campaigns.get(before.campaign)
    block = campaign.blocks.get(before.block) if campaign is not None else None
    limits = {
        "max_chars": block.max_chars if block is not None else 0,
        "reason": campaign.reason.get(before.locale, "") if campaign is not None else "",
    }
    return Judged(
        kind="edit" if act.act == "edit" else "reject",
        before=before,
        after=after,
        brief=notes.get("brief") or {},
        limits=limits,
        verdict=notes.get("verdict") or {},
        who=who,
        why="" if act.act == "edit" and act.text.startswith("edited into ") else act.text,
        at=act.at,
    )


def _masked(value: Any, masker: Masker) -> Any:
    """A row with everything personal masked, whichever of its texts it stands in."""
    if isinstance(value, str):
        return masker.mask(value)
    if isinstance(value, Mapping):
        return {key: each if key in _IDS else _masked(each, masker) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_masked(each, masker) for each in value]
    return value
