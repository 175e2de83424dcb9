"""What the environment and the user's cache say."""

import os
from pathlib import Path

from tailorbird.types.errors import TailorbirdError


class SetupError(TailorbirdError):
    """A setting that cannot be used; the message says which and how to mend it."""


def cache_dir() -> Path:
    """The user's cache: TAILORBIRD_CACHE, else XDG_CACHE_HOME/tailorbird, else ~/.cache/tailorbird."""
    if path := os.environ.get("TAILORBIRD_CACHE"):
        return Path(path)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "tailorbird"


def secret(name: str, field: str) -> str:
    """A secret from the environment. Raises SetupError naming the variable."""
    if name not in os.environ:
        raise SetupError(f"tailorbird.yaml: {field} names the environment variable {name}, which is not set")
    return os.environ[name]


def expand(path: str, meaning: str = "the folder with the data") -> str:
    """A path or URL with ${NAME} replaced from the environment. Raises SetupError naming a variable that is not set."""
    expanded = os.path.expandvars(path)
    if "${" in expanded:
        name = expanded.split("${", 1)[1].split("}", 1)[0]
        raise SetupError(f"{path}: the environment variable {name} is not set; set it to {meaning}")
    return expanded
