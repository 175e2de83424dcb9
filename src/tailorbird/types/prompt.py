"""The prompt: how a model is asked for one block's lines."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Prompt:
    """One version of a prompt: Liquid text of the system turn and of the user turn, and the file's SHA-256.

    `authors` are who wrote it, as its front matter says: they approve no line that it made. `path` is the file as
    errors name it, from the project's folder on: prompts/subject/v1.md.
    """

    name: str
    version: int
    system: str
    user: str
    digest: str
    path: str
    examples: int = 5
    labels: tuple[str, ...] = field(default_factory=tuple)
    authors: tuple[str, ...] = ()
