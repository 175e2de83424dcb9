"""The queue in SQLite and PostgreSQL, and how long a list of ten thousand lines takes."""

import time
from collections.abc import Callable
from statistics import median
from typing import Any

import pytest
import sqlalchemy as sa

from tailorbird.adapters.sql.creatives import SqlCreativeStore
from tailorbird.adapters.sql.review_queue import SqlReviewQueue
from tailorbird.testing.review_conformance import CHECKS, example_entry, example_line
from tailorbird.types.review import QueueFilter

pytestmark = pytest.mark.slow

LINES = 10_000
LIST_SECONDS_MAX = 0.2


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_queue_passes_the_conformance_suite(engine: sa.Engine, check: Callable[..., None]) -> None:
    check(SqlCreativeStore(engine), SqlReviewQueue(engine))


def test_a_page_of_ten_thousand_waiting_lines_takes_no_time_to_speak_of(engine: sa.Engine) -> None:
    lines, queue = SqlCreativeStore(engine), SqlReviewQueue(engine)
    notes: dict[str, Any] = {"verdict": {"status": "review", "findings": []}, "raw": "x" * 1500}
    names = [f"c_{n:05d}" for n in range(LINES)]
    lines.save([example_line(name) for name in names], dict.fromkeys(names, notes))
    queue.put([example_entry(name, due=f"2026-06-{1 + n % 28:02d}") for n, name in enumerate(names)])
    took, after = list[float](), ""
    for _ in range(9):
        began = time.perf_counter()
        assert queue.unqueued(10) == []
        page = queue.find(QueueFilter(role="reviewer", reason="new_prompt"), 50, after)
        took.append(time.perf_counter() - began)
        after = page.after
        assert (page.total, len(page.lines)) == (LINES, 50)
    assert median(took) < LIST_SECONDS_MAX, took
