"""Pilot files: pilots/<name>.yaml, each about one campaign."""

from collections.abc import Mapping
from pathlib import Path

from tailorbird.project.errors import ProjectError
from tailorbird.project.source import line_of, nearest, parse, read_yaml
from tailorbird.types.campaign import Campaign
from tailorbird.types.pilot import PilotSpec


def read_pilots(root: Path, campaigns: Mapping[str, Campaign]) -> dict[str, PilotSpec]:
    """The project's pilots by name. ProjectError: one names a campaign or a pilot that is not there, or itself.

    What is not finished is no mistake of the file: the checklist tells it, and holds the campaign.
    """
    found: dict[str, PilotSpec] = {path.stem: parse(path, PilotSpec) for path in _files(root)}
    for path in _files(root):
        pilot = found[path.stem]
        if pilot.campaign not in campaigns:
            message = f"there is no campaign {pilot.campaign!r}{nearest(pilot.campaign, sorted(campaigns))}"
            raise ProjectError(path, line_of(read_yaml(path), ["campaign"]), "campaign", message)
        before = found.get(pilot.after)
        if pilot.after and (before is None or before.campaign != pilot.campaign or pilot.after == path.stem):
            message = f"{pilot.after!r} is no other pilot of {pilot.campaign}"
            raise ProjectError(path, line_of(read_yaml(path), ["after"]), "after", message)
    return found


def _files(root: Path) -> list[Path]:
    return sorted((root / "pilots").glob("*.yaml"))
