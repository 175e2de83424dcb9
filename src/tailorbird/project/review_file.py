"""The file policies/review.yaml: who reviews, and what makes no sense in it."""

from collections.abc import Iterator
from pathlib import Path

from tailorbird.project.errors import ProjectError
from tailorbird.project.source import line_of, parse, read_yaml
from tailorbird.types.review_policy import ReviewPolicy

REVIEW_FILE = "policies/review.yaml"
_NAME_MAX = 200
Place = tuple[str | int, ...]


def read_review(root: Path) -> ReviewPolicy | None:
    """The project's review policy, None without the file. ProjectError: one that nobody could follow."""
    path = root / REVIEW_FILE
    if not path.exists():
        return None
    policy: ReviewPolicy = parse(path, ReviewPolicy)
    for place, message in (*_wrong_numbers(policy), *_wrong_people(policy)):
        raise ProjectError(path, line_of(read_yaml(path), place), ".".join(map(str, place)), message)
    return policy


def _wrong_numbers(policy: ReviewPolicy) -> Iterator[tuple[Place, str]]:
    if policy.first != "all" and policy.first < 0:
        yield ("first",), f"must be 0 or more, or all (found {policy.first})"
    if not 0 <= policy.sample.share <= 1:
        yield ("sample", "share"), f"must be a share from 0 to 1, such as 0.05 (found {policy.sample.share})"
    if policy.sample.minimum < 0:
        yield ("sample", "minimum"), f"must be 0 or more (found {policy.sample.minimum})"
    if policy.due_hours < 1:
        yield ("due_hours",), f"must be 1 or more (found {policy.due_hours})"


def _wrong_people(policy: ReviewPolicy) -> Iterator[tuple[Place, str]]:
    seen: dict[str, str] = {}
    for name, person in policy.people.items():
        if not person.roles:
            yield ("people", name, "roles"), "name at least one role: creative, data, legal, ops, admin"
        for each in (name, *person.also):
            folded = each.strip().casefold()
            if not folded or len(each) > _NAME_MAX or not each.isprintable():
                yield (
                    ("people", name),
                    f"is no name of at most {_NAME_MAX} characters on one line (found {each[:40]!r})",
                )
            if seen.setdefault(folded, name) != name:
                yield ("people", name), f"{each!r} is {seen[folded]}'s name too; a name is one person's"
    if not policy.reviewers:
        yield ("reviewers",), "name at least one role, or no line could ever be approved"
    reviewers = [name for name, person in policy.people.items() if {*person.roles} & {*policy.reviewers}]
    if not reviewers:
        yield ("people",), f"nobody has a role that reviews ({', '.join(policy.reviewers)}); give it to somebody"
    lawyers = [name for name, person in policy.people.items() if "legal" in person.roles]
    if policy.legal and not lawyers:
        yield ("people",), "nobody has the role legal, and lines of the legal categories need it; or write legal: []"
    if policy.legal and len({*reviewers, *lawyers}) == 1:
        yield ("people",), "a legal line needs two people, a reviewer and the role legal; there is only one"
