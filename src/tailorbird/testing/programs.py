"""A made-up program: campaigns that decide over some weeks with a holdout of all, and customers who order or do not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from tailorbird.stages.assignment.buckets import BUCKETS, bucket_of
from tailorbird.stages.assignment.salts import global_salt
from tailorbird.types.decision import Decision

BEGAN = datetime(2026, 3, 2, 8, tzinfo=UTC)
WEEK = timedelta(days=7)

EventRow = tuple[str, str, datetime, dict[str, object]]
"""(event, person_id, timestamp, properties)."""


@dataclass(frozen=True)
class PlantedProgram:
    """`people` who become eligible over `weeks`, one run a week and campaign, and order at rates of their own.

    `shares` are the shares held out of all campaigns, by week (the last one goes on). Whoever is not held out orders
    `lift` times as much more from their first decision on as they would have, the truth that a read-out has to find.
    """

    people: int = 2000
    weeks: int = 8
    shares: Sequence[float] = (0.2,)
    lift: float = 0.0
    unsubscribing: float = 0.0
    seed: int = 1
    project: str = "wren"
    salt: str = "wren"
    campaigns: Sequence[str] = ("win_back", "replenish")

    def share(self, week: int) -> float:
        """The share that the runs of a week hold out."""
        return self.shares[min(week, len(self.shares) - 1)]

    def held(self, person: str, week: int) -> bool:
        """Whether the runs of a week hold somebody out."""
        return bucket_of(person, global_salt(self.project, self.salt)) < round(self.share(week) * BUCKETS)

    def names(self) -> list[str]:
        """The people's ids."""
        return [f"p{self.seed}-{n}" for n in range(self.people)]

    def first_weeks(self) -> list[int]:
        """The week in which each person first becomes eligible; half of them do in the first."""
        rng = np.random.default_rng(self.seed)
        later = rng.integers(0, self.weeks, self.people)
        return [0 if early else int(week) for early, week in zip(rng.random(self.people) < 0.5, later, strict=True)]

    def runs(self) -> Iterator[tuple[str, str, datetime, float]]:
        """(campaign, step, moment, share) of every run, one per week, the campaigns in turn."""
        for week in range(self.weeks):
            campaign = self.campaigns[week % len(self.campaigns)]
            yield campaign, f"w{week}", BEGAN + week * WEEK, self.share(week)

    def decisions(self) -> list[Decision]:
        """What the runs decide: everybody who is eligible by then, in every week."""
        made = []
        for person, first in zip(self.names(), self.first_weeks(), strict=True):
            for week, (campaign, step, moment, _) in enumerate(self.runs()):
                if week >= first:
                    out = self.held(person, week)
                    made.append(
                        Decision(
                            f"d-{campaign}-{step}-{person}", campaign, step, person, "holdout" if out else "treatment",
                            moment, (), "", "en-GB", "", "", held="global" if out else "",
                        )
                    )  # fmt: skip
        return made

    def events(self) -> list[EventRow]:
        """Orders of the half year before and of the weeks after, and unsubscribes of those who are written to."""
        rng = np.random.default_rng(self.seed + 10_000)
        end = BEGAN + self.weeks * WEEK
        found: list[EventRow] = []
        rates = rng.gamma(1.0, 0.01, self.people)
        for person, first, rate in zip(self.names(), self.first_weeks(), rates, strict=True):
            start = BEGAN + first * WEEK
            written = not self.held(person, first)
            before, after = 180.0, (end - start) / timedelta(days=1)
            past = start - rng.uniform(0, before, rng.poisson(rate * before)) * timedelta(days=1)
            now = start + rng.uniform(0, after, rng.poisson(rate * after)) * timedelta(days=1)
            more = start + rng.uniform(0, after, rng.poisson(rate * after * self.lift)) * timedelta(days=1)
            for at in [*past, *now, *(more if written else ())]:
                money = round(float(rng.lognormal(3, 0.4)), 2)
                found.append(("Order Completed", person, at, {"total": money, "order_id": f"o{len(found)}"}))
            if rng.random() < self.unsubscribing and written:
                found.append(("Unsubscribed", person, start + timedelta(days=1), {}))
        return [*found, ("Page Viewed", "nobody", end, {})]
