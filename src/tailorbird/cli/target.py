"""Which project and which campaign a command means."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from tailorbird.project.numbers import STEP_WORDS, is_step
from tailorbird.project.project import Project, load_project
from tailorbird.types.campaign import Campaign
from tailorbird.types.errors import TailorbirdError


def read_target(words: list[str] | None) -> tuple[Project, str | None]:
    """The project (the word that is a folder, else the current folder) and the other word, if any."""
    words = list(words or [])
    # In a project folder, 'catalog' may be a mapping's name and a folder's as well: the project's own folders are no
    # projects, and are meant only where nothing else can be.
    folders = [word for word in words if (Path(word) / "tailorbird.yaml").exists()]
    if not folders and not Path("tailorbird.yaml").exists():
        folders = [word for word in words if Path(word).is_dir()]
    names = [word for word in words if word not in folders]
    if len(folders) > 1 or len(names) > 1:
        raise TailorbirdError(f"give a project folder and one name, not {' '.join(words)!r}")
    if names and ("/" in names[0] or "\\" in names[0]):
        raise TailorbirdError(f"there is no folder {names[0]!r}; give a project folder, or nothing for the current one")
    return load_project(Path(folders[0]) if folders else Path()), (names[0] if names else None)


def read_campaign(words: list[str] | None, step: str | None = None) -> tuple[Project, Campaign]:
    """The project and the campaign; a project with one campaign needs no name."""
    project, name = read_target(words)
    if name is None:
        if len(project.campaigns) != 1:
            known = ", ".join(sorted(project.campaigns)) or "none yet"
            raise TailorbirdError(f"name a campaign of {project.root}: {known}")
        name = next(iter(project.campaigns))
    campaign = project.campaign(name)
    if step is not None and not is_step(step):
        raise TailorbirdError(f"--step: {STEP_WORDS}, not {step[:80]!r}")
    return project, replace(campaign, step=step) if step else campaign


def read_campaigns(words: list[str] | None, step: str | None = None) -> tuple[Project, list[Campaign]]:
    """The project and the campaign that is named, or all of them by name. TailorbirdError: the project has none."""
    project, name = read_target(words)
    if name is not None or len(project.campaigns) == 1:
        project, campaign = read_campaign(words, step)
        return project, [campaign]
    if not project.campaigns:
        raise TailorbirdError(f"{project.root} has no campaign yet; write one in campaigns/")
    if step is not None:
        raise TailorbirdError(f"--step is of one campaign; name one of {', '.join(sorted(project.campaigns))}")
    return project, [project.campaigns[name] for name in sorted(project.campaigns)]


def read_moment(text: str | None, project: Project, campaign: Campaign, now: datetime) -> datetime:
    """The moment of a run: --as-of, else the campaign's as_of, else now. A time without zone is the project's."""
    return zoned(text, project, campaign.as_of or now)


def zoned(text: str | None, project: Project, otherwise: datetime) -> datetime:
    """An ISO date or time as a moment in UTC; one without zone is in the project's zone; None means `otherwise`."""
    moment = otherwise
    if text is not None:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            raise TailorbirdError(f"{text!r} is no ISO date; write 2026-06-01 or 2026-06-01T09:00") from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(project.settings.timezone))
    return moment.astimezone(UTC)
