"""The gallery of finished messages, written beside the reports."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tailorbird.pipeline.state import State
    from tailorbird.project.project import Project
    from tailorbird.types.campaign import Campaign
    from tailorbird.types.decision import Decision


def write_gallery(
    project: "Project", campaign: "Campaign", state: "State", count: int
) -> tuple[Path, list[tuple[str, str, str]]]:
    """Write `count` messages of a campaign step, as different as can be; (path, [(message id, subject, rung)])."""
    from tailorbird.stages.channels.email_message import idempotency_key, message_id
    from tailorbird.web.gallery.page import GalleryNote, render_gallery

    decided = [d for d in state.decisions.find(campaign.name, campaign.step) if d.arm == "treatment"]
    emls, notes, subjects = [], [], []
    for decision in spread(decided, count):
        key = idempotency_key(decision.decision_id, campaign.channel)
        path = project.state_dir / "outbox" / f"{key}.eml"
        row = state.messages.find(message_id(key))
        if row is None or not path.exists():
            continue
        shown = tuple(p.item_id for p in decision.slate if p.block == "item" and p.item_id)
        emls.append(path.read_bytes())
        reason = f"{decision.reason}; brief: {decision.subject}; {decision.locale}"
        notes.append(GalleryNote(reason, row.rungs, shown, row.message_id))
        subjects.append((row.message_id, row.subject, row.rungs.get("subject", "")))
    page = render_gallery(
        emls,
        f"{project.brand.name}: {campaign.name}",
        project.root / project.settings.catalog.images,
        notes,
        project.settings.simulated,
    )
    path = project.state_dir / "reports" / f"{campaign.name}-messages.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page, encoding="utf-8")
    return path, subjects


def spread(decided: "list[Decision]", count: int) -> "list[Decision]":
    """Decisions of different briefs and locales first, in a stable order."""
    seen: dict[tuple[str, str], int] = {}
    ranked = []
    for decision in decided:
        key = (decision.subject, decision.locale)
        seen[key] = seen.get(key, 0) + 1
        ranked.append((seen[key], decision.decision_id, decision))
    return [decision for _, _, decision in sorted(ranked, key=lambda entry: entry[:2])[:count]]
