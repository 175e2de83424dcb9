"""A desk over a state of one's own, with a policy of two reviewers, a lawyer and others."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.pipeline.review.desk import ReviewDesk
from tailorbird.pipeline.review.judge import judge_of
from tailorbird.pipeline.state import State
from tailorbird.project.project import Project
from tailorbird.stages.review.policy import content_hash
from tailorbird.testing.state import FixedClock
from tailorbird.types.creative import Creative
from tailorbird.types.review import QueueFilter, ReviewEntry
from tailorbird.types.review_policy import Reviewer, ReviewPolicy

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
POLICY = ReviewPolicy(
    {
        "Ana": Reviewer(("creative",), also=("ana@wren.example",)),
        "Ben": Reviewer(("ops",)),
        "Lea": Reviewer(("legal",)),
        "Max": Reviewer(("creative", "legal")),
        "Dan": Reviewer(("data",)),
    },
    first=2,
)
PASSES: dict[str, Any] = {
    "verdict": {"status": "pass", "findings": []},
    "prompt_hash": "p1",
    "prompt": "subject@v1",
    "model": {"name": "m", "digest": "d1"},
    "prompt_authors": ["Pia"],
    "brief": {"family": "kettles", "slots": ["item.name"], "facts": {"item.name": "Hobbin kettle"}},
}


def line(name: str, text: str = "Worth a look: {{ item.name }}", **more: Any) -> Creative:
    told: dict[str, Any] = {"brief_id": "b_1", "rung": "model", **more}
    return Creative(
        creative_id=name, campaign="win_back", block="subject", locale="en-GB", text=text,
        content_hash=content_hash(text), **told,
    )  # fmt: skip


@dataclass
class Office:
    """A desk, and everything behind it."""

    project: Project
    state: State
    desk: ReviewDesk
    clock: FixedClock

    def add(self, name: str, text: str = "Worth a look: {{ item.name }}", notes: Any = None, **more: Any) -> None:
        self.state.creatives.save([line(name, text, **more)], {name: {**PASSES, **(notes or {})}})

    def who(self, name: str) -> Any:
        return self.desk.person(name)

    def approve(self, name: str, by: str, **more: Any) -> Any:
        return self.desk.approve(name, self.who(by), **more)

    def creative(self, name: str) -> Creative:
        found = self.state.creatives.get(name)
        assert found is not None
        return found[0]

    def entries(self, **wanted: str) -> list[ReviewEntry]:
        return [line.entry for line in self.desk.page(QueueFilter(**wanted), 100).lines]


@pytest.fixture
def open_office(opened: Any, empty_state: State) -> Callable[..., Office]:
    def make(policy: ReviewPolicy | None = POLICY) -> Office:
        project = replace(opened.project, review=policy)
        clock, state = FixedClock(NOON), empty_state
        desk = ReviewDesk(
            project, state.creatives, state.reviews, state.review_record, lambda: judge_of(project, opened.items),
            bootstrap.open_masker(project), clock,
        )  # fmt: skip
        return Office(project, state, desk, clock)

    return make


@pytest.fixture
def office(open_office: Callable[..., Office]) -> Office:
    return open_office()
