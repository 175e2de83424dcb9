"""What every store of exposures must do: run each of CHECKS with a function that opens an empty one."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from tailorbird.ports.exposures import Exposures
from tailorbird.types.exposure import Exposure, PromptContents

MakeExposures = Callable[[], Exposures]
MOMENT = datetime(2026, 6, 1, 12, tzinfo=UTC)
CONTENTS = PromptContents(
    "win_back", "b_1", "subject", "en-GB", ("personalization",), ("item.name",), ("i1",), ("catalog",)
)
FIRST = Exposure(
    "e1", MOMENT, "started", "m", "p", "https://m.example", False, "EU", 30, False, "dpa-1", CONTENTS, "f" * 64, 900
)


def check_a_record_is_there_before_its_end(make: MakeExposures) -> None:
    """A call during which the process dies leaves what it began with."""
    store = make()
    store.begin(FIRST)
    assert store.find() == [FIRST]


def check_an_end_changes_nothing_that_was_said_before(make: MakeExposures) -> None:
    """Model, terms and contents stay; state, end, requests, tokens and reason are new."""
    store = make()
    store.begin(FIRST)
    ended = replace(FIRST, state="answered", ended_at=MOMENT + timedelta(seconds=2), requests=3, prompt_tokens=9)
    store.end(replace(ended, model="another", region="US", prompt_sha256="0" * 64))
    assert store.find() == [ended]


def check_records_are_found_by_model_and_by_time(make: MakeExposures) -> None:
    """Oldest first, whatever the zone in which a moment is given."""
    store = make()
    later = replace(FIRST, exposure_id="e0", at=MOMENT + timedelta(days=1), model="n", masked={"email": 2}, trains=None)
    store.begin(later)
    store.begin(FIRST)
    assert store.find() == [FIRST, later]
    hour_later = (MOMENT + timedelta(hours=1)).astimezone(timezone(timedelta(hours=9)))
    assert store.find("n") == store.find(since=hour_later) == [later]
    assert store.find("n", MOMENT + timedelta(days=2)) == store.find("q") == []


CHECKS = (
    check_a_record_is_there_before_its_end,
    check_an_end_changes_nothing_that_was_said_before,
    check_records_are_found_by_model_and_by_time,
)
