"""The brand: its voice, its approved lines, and what it never says."""

from collections.abc import Mapping
from dataclasses import dataclass, field

FORBID = {"extra": "forbid"}


@dataclass(frozen=True, slots=True)
class ApprovedLine:
    """A line a person wrote and approved, in slot form. Empty `campaigns` or `families` mean 'any'.

    `exemplar` False keeps the line out of the prompts that teach the model. `author` is who wrote it, and so cannot
    approve it where it waits for a person.
    """

    __pydantic_config__ = FORBID

    id: str
    block: str
    locale: str
    text: str
    campaigns: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    exemplar: bool = True
    author: str = ""


@dataclass(frozen=True, slots=True)
class Brand:
    """The brand folder, parsed. `vocabulary` holds the plain words per locale that unattended copy may use;
    `disallowed` the phrases it may not; `legal` the lines per locale that every message carries."""

    name: str
    sector: str
    voice: Mapping[str, str]
    approved: tuple[ApprovedLine, ...]
    disallowed: Mapping[str, tuple[str, ...]]
    vocabulary: Mapping[str, frozenset[str]]
    legal: Mapping[str, Mapping[str, str]]
