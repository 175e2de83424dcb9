"""The review desk of a project, and what shows lines as their readers see them."""

import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tailorbird.pipeline.review.desk import ReviewDesk
    from tailorbird.pipeline.review.judge import Judge
    from tailorbird.pipeline.review.render import Renderer
    from tailorbird.pipeline.state import State
    from tailorbird.ports.reviewer_keys import ReviewerKeys
    from tailorbird.project.project import Project
    from tailorbird.types.item import Item


def open_desk(project: "Project", state: "State") -> "ReviewDesk":
    """Where people act on lines; what they do is audited first."""
    from tailorbird.bootstrap.models import open_masker
    from tailorbird.bootstrap.system import open_clock
    from tailorbird.pipeline.review.desk import ReviewDesk
    from tailorbird.pipeline.review.judge import judge_of

    items, clock = current_items(project), open_clock()

    def judge() -> "Judge":
        from tailorbird.bootstrap.validation import open_validator
        from tailorbird.pipeline.validation.copy_check import copy_check

        now = items()
        return judge_of(project, now, copy_check(project, open_validator(project), now, clock.now()))

    return ReviewDesk(project, state.creatives, state.reviews, state.review_record, judge, open_masker(project), clock)


def open_renderer(project: "Project", state: "State") -> "Renderer":
    """Shows lines with difficult values and in whole messages."""
    from tailorbird.bootstrap.state import open_keys
    from tailorbird.bootstrap.system import open_clock
    from tailorbird.pipeline.review.render import Renderer

    return Renderer(project, state.creatives, current_items(project), open_keys(project), open_clock().now)


def open_reviewer_keys(project: "Project") -> "ReviewerKeys":
    """The keys of the review API, by their hashes in the state database."""
    from tailorbird.adapters.sql.reviewer_keys import SqlReviewerKeys
    from tailorbird.bootstrap.audit import open_engine

    return SqlReviewerKeys(open_engine(project))


def current_items(project: "Project") -> "Callable[[], Mapping[str, Item]]":
    """The catalog's items as they are now, read again where another version holds; for threads that share it."""
    from tailorbird.bootstrap.events import open_warehouse
    from tailorbird.bootstrap.system import open_clock
    from tailorbird.pipeline.facts import Facts

    clock, turn = open_clock(), threading.Lock()
    kept: dict[str, Mapping[str, Item]] = {}
    facts: list[Facts] = []

    def read() -> "Mapping[str, Item]":
        with turn:
            if not facts:
                facts.append(Facts(project, open_warehouse(project)))
            now = clock.now()
            version = facts[0].version(now)
            if version not in kept:
                kept.clear()
                kept[version] = facts[0].items(now)
            return kept[version]

    return read
