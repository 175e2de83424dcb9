"""Four eyes: who may approve a line, and for which of the approvals that it needs."""

from collections.abc import Sequence

from tailorbird.types.review import REVIEWER, ReviewAct
from tailorbird.types.review_policy import ReviewPolicy


def same_person(one: str, other: str, policy: ReviewPolicy | None) -> bool:
    """Whether two names are one person's: by the policy's other names, else but for case and outer spaces."""
    if policy is not None and (known := policy.named(one)) is not None:
        return known == policy.named(other)
    return one.strip().casefold() == other.strip().casefold()


def roles_of(name: str, policy: ReviewPolicy | None, limited: Sequence[str] | None = None) -> tuple[str, ...]:
    """A person's roles; `limited` are those that their key stands for. Without a policy everybody may review."""
    if policy is None:
        return tuple(limited) if limited else (REVIEWER,)
    person = policy.named(name)
    roles = policy.people[person].roles if person is not None else ()
    return tuple(role for role in roles if limited is None or role in limited)


def choose_sign_off(
    by: str,
    roles: Sequence[str],
    needs: Sequence[str],
    authors: Sequence[str],
    signed: Sequence[ReviewAct],
    policy: ReviewPolicy | None,
) -> tuple[str, str]:
    """(the missing approval that this person gives, '') or ('', why they cannot give any).

    `signed` are approvals of the present text. Nobody approves what they had a hand in, and nobody gives two of the
    approvals of one line. Who could give several gives the rarest: a lawyer's before a reviewer's.
    """
    for author in authors:
        if same_person(by, author, policy):
            return "", f"{by} had a hand in this line; somebody else approves it"
    for act in signed:
        if same_person(by, act.by, policy):
            return "", f"{by} approved this text already, as {act.role}; the other approval is somebody else's"
    for need in (*(n for n in needs if n != REVIEWER), *(n for n in needs if n == REVIEWER)):
        if gives(need, roles, policy):
            return need, ""
    asked = " or ".join(_who(need, policy) for need in needs)
    return "", f"{by} is {_listed(roles)}; the approval that is missing is that of {asked}"


def gives(need: str, roles: Sequence[str], policy: ReviewPolicy | None) -> bool:
    """Whether somebody of these roles may give the approval."""
    if need == REVIEWER:
        return policy is None or any(role in policy.reviewers for role in roles)
    return need in roles


def _who(need: str, policy: ReviewPolicy | None) -> str:
    return need if need != REVIEWER or policy is None else f"a reviewer ({', '.join(policy.reviewers)})"


def _listed(roles: Sequence[str]) -> str:
    return ", ".join(roles) or "of no role"
