"""Who is compared with the holdout of all campaigns: by each person's own bucket, never by who was written to.

A person's bucket is drawn by the global salt and never changes, so it is independent of all that people are and do.
Where the share changed, people whose bucket lies between the smallest and the largest share were in both worlds: they
are left out on both sides, and whoever is left was held out all the time, or never. An address is held out if one of
its people is; someone who is silent for another's sake counts with the program all the same (intention to treat), since
leaving them out, or counting them as held, would fill one side with people who share an address.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tailorbird.stages.assignment.buckets import BUCKETS, buckets_of
from tailorbird.types.decision import Decision
from tailorbird.types.program import HeldShare

HELD, PROGRAM, NEITHER = 1, 0, -1


@dataclass(frozen=True, slots=True)
class Admitted:
    """One row per person: the first decision of any campaign for them, and the id that they had then.

    `held_ever` and `free_ever` say whether some decision since then held them out of all campaigns, or did not;
    `strangers` counts the decisions of the period for people whom salt and share hold out, and who were not.
    """

    people: Sequence[str]
    first: Sequence[Decision]
    buckets: NDArray[np.int64]
    held_ever: NDArray[np.bool_]
    free_ever: NDArray[np.bool_]
    strangers: int


def shares_over_time(runs: Iterable[Mapping[str, Any]], now: float) -> dict[tuple[str, str], HeldShare]:
    """{(campaign, step): the share it held out of all campaigns}; `now`, today's, for runs that did not write it."""
    found = {}
    for run in runs:
        share = run.get("steps", {}).get("audience", {}).get("global_share")
        since = datetime.fromisoformat(str(run["as_of"]))
        found[str(run["campaign"]), str(run["step"])] = HeldShare(
            now if share is None else float(share), since, share is not None
        )
    return found


def began_at(decisions: Iterable[Decision], shares: Iterable[HeldShare]) -> datetime | None:
    """When somebody was first held out of all campaigns, or a run wrote a share above 0; None: never."""
    moments = [one.decided_at for one in decisions if one.held == "global"]
    moments += [one.since for one in shares if one.recorded and one.share > 0]
    return min(moments, default=None)


def admit(
    decisions: Iterable[Decision],
    people: Mapping[str, str],
    salt: str,
    shares: Mapping[tuple[str, str], HeldShare],
    now: float,
    moments: tuple[datetime, datetime, datetime],
) -> Admitted:
    """Everybody's first decision over all campaigns and arms, from when the holdout of all campaigns began.

    `moments` are that beginning, the beginning of the period from which on the draw must have been kept, and its end;
    `people` is who somebody is today, by the ids that differ. `shares` are those of the runs, `now` today's. The
    first decision rests only on what people did before any message after the beginning, so the same admits both sides.
    """
    began, since, until = moments
    inside = sorted(
        (one for one in decisions if began <= one.decided_at <= until),
        key=lambda one: (one.decided_at, one.held != "global", one.decision_id),
    )
    own = dict(zip((ids := sorted({one.person_id for one in inside})), buckets_of(ids, salt).tolist(), strict=True))
    first: dict[str, Decision] = {}
    held: set[str] = set()
    free: set[str] = set()
    strangers = 0
    for one in inside:
        person = people.get(one.person_id, one.person_id)
        first.setdefault(person, one)
        (held if one.held == "global" else free).add(person)
        span = shares.get((one.campaign, one.step))
        limit = round((span.share if span else now) * BUCKETS)
        strangers += one.held != "global" and one.decided_at >= since and own[one.person_id] < limit
    names = sorted(first)
    return Admitted(
        names,
        [first[name] for name in names],
        np.asarray([own[first[name].person_id] for name in names], dtype=np.int64),
        np.asarray([name in held for name in names], dtype=np.bool_),
        np.asarray([name in free for name in names], dtype=np.bool_),
        strangers,
    )


def spans(shares: Iterable[HeldShare], began: datetime, until: datetime) -> tuple[HeldShare, ...]:
    """The shares from `began` to `until`, one for each change, the oldest first."""
    found: list[HeldShare] = []
    for one in sorted(shares, key=lambda one: one.since):
        if began <= one.since <= until and (not found or one.share != found[-1].share):
            found.append(one)
    return tuple(found)


def range_of(changes: Sequence[HeldShare], since: datetime) -> tuple[float, float]:
    """(smallest, largest) share in force from `since` on, of `spans`; the last one before it still holds at `since`
    unless it changed at that moment. (0, 0) for none."""
    after = [one.share for one in changes if one.since >= since]
    before = [one.share for one in changes if one.since < since]
    if before and not any(one.since == since for one in changes):
        after.append(before[-1])
    return (min(after), max(after)) if after else (0.0, 0.0)


def arms_of(buckets: NDArray[np.int64], least: float, most: float) -> NDArray[np.int64]:
    """HELD below the smallest share, PROGRAM from the largest on, NEITHER between them."""
    arms = np.where(buckets < round(least * BUCKETS), HELD, NEITHER)
    return np.where(buckets >= round(most * BUCKETS), PROGRAM, arms).astype(np.int64)
