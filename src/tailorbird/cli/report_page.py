"""Where the pages of reports are written."""

from pathlib import Path

from tailorbird.types.errors import TailorbirdError


class ReportError(TailorbirdError):
    """A report that cannot be written; the message names the file and the mend."""


def write_page(path: Path, page: str) -> Path:
    """Write the HTML page; its path. ReportError: it cannot be written there."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        reason = error.strerror or str(error)
        raise ReportError(
            f"the report cannot be written to {path}: {reason}; name another file with --output"
        ) from None
    return path
