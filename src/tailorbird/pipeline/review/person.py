"""Who acts in a review, under which name and with which roles."""

from dataclasses import dataclass

from tailorbird.pipeline.review.judge import ReviewError
from tailorbird.project.source import nearest
from tailorbird.stages.review.eyes import roles_of
from tailorbird.types.review_policy import ReviewPolicy

TEXT_MAX = 2000
NAME_MAX = 200


class NotAllowedError(ReviewError):
    """This person may not do that: another does."""


def readable(text: str) -> str:
    """A text without characters that no reader sees, nor a database takes; lines stay lines."""
    return "".join(c for c in text[:TEXT_MAX] if c.isprintable() or c in "\n\t").strip()


@dataclass(frozen=True, slots=True)
class Person:
    """Who acts: the name under which it is recorded, and the roles that they have."""

    name: str
    roles: tuple[str, ...]


def find_person(policy: ReviewPolicy | None, name: str, limited: tuple[str, ...] | None = None) -> Person:
    """The person of a name, as the policy spells it; `limited` are the roles of their key, where one is used.

    Without a policy everybody may review who gives a name. NotAllowedError: nobody of the policy's people.
    """
    if not name.strip():
        raise ReviewError("say who reviews: --by NAME")
    if len(name) > NAME_MAX or not name.isprintable():
        raise ReviewError(f"a reviewer's name has at most {NAME_MAX} characters on one line")
    if policy is None:
        return Person(name.strip(), roles_of(name, None, limited))
    known = policy.named(name)
    if known is None:
        mend = nearest(name.strip(), list(policy.people))
        raise NotAllowedError(f"policies/review.yaml names no {name.strip()!r}{mend}")
    return Person(known, roles_of(known, policy, limited))
