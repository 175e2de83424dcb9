"""What reports share on the command line: the page that is written, and a moment that is refused."""

from datetime import datetime
from pathlib import Path

from tailorbird.types.errors import TailorbirdError


class ReportError(TailorbirdError):
    """A report that cannot be written; the message names the file and the mend."""


def refuse_ahead(asked: str | None, moment: datetime | None, now: datetime, simulated: bool) -> None:
    """Raise ReportError for an --until that lies ahead. Simulated customers live in their own time, which may be."""
    if moment is not None and not simulated and moment > now:
        raise ReportError(f"--until {asked} lies ahead: nobody knows what people will have done; leave it out")


def write_page(path: Path, page: str, option: str = "--output") -> Path:
    """Write the HTML page; its path. ReportError: it cannot be written there; `option` names another file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        reason = error.strerror or str(error)
        raise ReportError(
            f"the report cannot be written to {path}: {reason}; name another file with {option}"
        ) from None
    return path
