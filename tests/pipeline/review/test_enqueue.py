"""Every line that waits has an entry that says why."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from tailorbird.pipeline.review.enqueue import BATCH, moment, queue_waiting
from tailorbird.types.review import QueueFilter

from .conftest import NOON, line


def put(office: Any) -> int:
    state = office.state
    return queue_waiting(office.project, state.creatives, state.reviews, state.review_record, NOON)


def test_moments_sort_as_times_do() -> None:
    later = datetime(2026, 6, 1, 12, 0, 0, 1, UTC)
    berlin = datetime(2026, 6, 1, 14, tzinfo=timezone(timedelta(hours=2)))
    assert moment(NOON) == moment(berlin) == "2026-06-01T12:00:00.000000+00:00" < moment(later)


def test_lines_that_wait_get_an_entry_once_with_the_reason_and_when_it_is_due(office: Any) -> None:
    office.add("c_1")
    office.add("c_2", rung="approved", brief_id="")
    office.add("c_3", approval="outdated")
    office.state.creatives.review("c_3", "outdated", "catalog", "item.price was £9", NOON.isoformat())
    office.add("c_4", approval="approved", approved_hash="h")
    assert (put(office), put(office)) == (4, 0)
    entries = {e.creative_id: e for e in office.entries()}
    assert entries["c_1"].due_at == moment(NOON + timedelta(hours=24))
    assert entries["c_2"].reasons == ("written",)
    assert ("outdated" in entries["c_3"].reasons, entries["c_3"].detail) == (True, "item.price was £9")
    assert entries["c_4"].reasons[0] == "changed"


def test_a_line_that_the_next_run_may_approve_says_so(open_office: Any) -> None:
    office = open_office(None)
    office.add("c_1")
    put(office)
    assert office.entries()[0].reasons == ("waiting",)


def test_a_line_of_a_campaign_that_is_gone_goes_to_a_person(office: Any) -> None:
    gone = line("c_1")
    office.state.creatives.save(
        [type(gone)(**{**{f: getattr(gone, f) for f in gone.__dataclass_fields__}, "campaign": "old"})]
    )
    put(office)
    assert office.entries()[0].detail == "its campaign is in no file any more"


@pytest.mark.slow
def test_more_than_a_batch_is_queued_whole(office: Any) -> None:
    office.state.creatives.save([line(f"c_{n:04d}") for n in range(BATCH + 3)])
    assert put(office) == BATCH + 3
    assert office.desk.page(QueueFilter(), 1).total == BATCH + 3
