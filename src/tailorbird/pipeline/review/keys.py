"""Keys of the review API: each stands for one person, is told once, and is kept as its hash alone."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime

from tailorbird.pipeline.audited_acts import ActRecorder
from tailorbird.pipeline.review.enqueue import moment
from tailorbird.pipeline.review.judge import ReviewError
from tailorbird.ports.reviewer_keys import ReviewerKeys
from tailorbird.project.project import Project
from tailorbird.project.source import nearest
from tailorbird.types.review import ReviewerKey
from tailorbird.types.review_policy import ROLES

PREFIX = "tbr_"
_KEY_BYTES = 32
_NAME_MAX = 200


def digest_of(key: str) -> str:
    """The SHA-256 of a key: it has 256 random bits, so that nobody finds it from this."""
    return hashlib.sha256(key.encode()).hexdigest()


def make_key(
    project: Project, keys: ReviewerKeys, recorder: ActRecorder, name: str, roles: Sequence[str], now: datetime
) -> tuple[str, ReviewerKey]:
    """A new key for a person: (the key, which is kept nowhere, what is kept). With a policy file the person stands in
    it, and the key gives some of their roles: all of them if `roles` are none."""
    who = name.strip()
    if not who or len(who) > _NAME_MAX or not who.isprintable():
        raise ReviewError(f"a reviewer's name has 1 to {_NAME_MAX} characters on one line (found {name[:40]!r})")
    for role in roles:
        if role not in ROLES:
            raise ReviewError(f"there is no role {role!r}{nearest(role, ROLES)}")
    policy = project.review
    if policy is not None:
        known = policy.named(who)
        if known is None:
            raise ReviewError(f"policies/review.yaml names no {who!r}{nearest(who, list(policy.people))}")
        who, theirs = known, policy.people[known].roles
        for role in roles:
            if role not in theirs:
                raise ReviewError(f"policies/review.yaml does not give {who} the role {role!r}{nearest(role, theirs)}")
        roles = roles or theirs
    key = PREFIX + secrets.token_urlsafe(_KEY_BYTES)
    kept = ReviewerKey(digest_of(key), who, tuple(dict.fromkeys(roles)), moment(now))
    recorder.record("reviewer key made", "review", who, roles=list(kept.roles), digest=kept.digest[:16])
    keys.add(kept)
    return key, kept


def revoke_keys(keys: ReviewerKeys, recorder: ActRecorder, name: str, now: datetime) -> int:
    """End all keys of a person; how many held."""
    recorder.record("reviewer keys revoked", "review", name.strip())
    return keys.revoke(name.strip(), moment(now))
