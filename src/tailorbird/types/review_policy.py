"""The review policy: policies/review.yaml, who may approve what, and what no person need see first."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

FORBID = {"extra": "forbid"}

Role = Literal["creative", "data", "legal", "ops", "admin"]
ROLES: tuple[Role, ...] = ("creative", "data", "legal", "ops", "admin")
Category = Literal["finance", "health", "price", "minors"]


@dataclass(frozen=True, slots=True)
class Reviewer:
    """What one person may do: `roles`; `also` are other names of theirs (an e-mail address, a login), so that the
    author of a file and the reviewer are known to be one."""

    __pydantic_config__ = FORBID

    roles: tuple[Role, ...]
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SampleSpec:
    """What is looked at afterwards of the lines that policy approved: a `share` (0 to 1), and `minimum` lines a day
    (0 or more) where so many were approved. Which ones is told by a hash, never by chance."""

    __pydantic_config__ = FORBID

    share: float = 0.05
    minimum: int = 30


@dataclass(frozen=True, slots=True)
class ReviewPolicy:
    """Who reviews lines, and which of them.

    `people` are those who may review, by name. `reviewers` are the roles whose approval lets a line go; a line of one
    of the `legal` categories needs that of the role legal too, from somebody else. `legal_words` are words of your own
    that put a line into a category, beside the built-in ones, tags and findings.
    `first` lines (0 or more, or `all`) of each new pair of prompt and model in a locale are looked at by a person, then
    the `sample`. With `owners_are_authors` the owners of a campaign count as authors of what a model writes for it.
    A line that waits is due after `due_hours` (1 or more).
    """

    __pydantic_config__ = FORBID

    people: Mapping[str, Reviewer]
    reviewers: tuple[Role, ...] = ("creative", "ops", "admin")
    first: int | Literal["all"] = 20
    sample: SampleSpec = field(default_factory=SampleSpec)
    legal: tuple[Category, ...] = ("finance", "health", "price", "minors")
    legal_words: Mapping[Category, tuple[str, ...]] = field(default_factory=dict)
    owners_are_authors: bool = True
    due_hours: int = 24

    def named(self, name: str) -> str | None:
        """The person whose name, or other name, this is (case and outer spaces aside); None: nobody's."""
        folded = name.strip().casefold()
        for person, reviewer in self.people.items():
            if folded in {each.strip().casefold() for each in (person, *reviewer.also)}:
                return person
        return None
