"""What is wrong in a project file: where, what, and how to mend it."""

from pathlib import Path

from tailorbird.types.errors import TailorbirdError


class ProjectError(TailorbirdError):
    """A mistake in a project file. `line` is 1-based, None where it cannot be told; `field` is a dotted path."""

    def __init__(self, file: Path | str, line: int | None, field: str, message: str) -> None:
        self.file, self.line, self.field, self.message = str(file), line, field, message
        where = f"{file}:{line}" if line else f"{file}"
        super().__init__(f"{where}: {field}: {message}" if field else f"{where}: {message}")
