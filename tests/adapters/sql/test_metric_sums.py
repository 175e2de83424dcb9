from dataclasses import replace

import pytest
import sqlalchemy as sa

from tailorbird.adapters.sql.metric_sums import SqlMetricSums
from tailorbird.types.day_sums import DaySums

pytestmark = pytest.mark.slow


def row(day: str, arm: str = "treatment", y: float = 1.0, until: str = "2026-11-03T00:00:00+00:00") -> DaySums:
    return DaySums(arm, "orders", "", day, (10.0, y, *[0.5] * 8), until, did=3.0)


def test_a_day_is_replaced_as_a_whole_and_other_days_stay(engine: sa.Engine) -> None:
    store = SqlMetricSums(engine)
    store.replace("win_back", ["2026-11-01", "2026-11-02"], [row("2026-11-01"), row("2026-11-02", "holdout")])
    store.replace("other", ["2026-11-01"], [row("2026-11-01", y=9.0)])
    store.replace("win_back", ["2026-11-02"], [row("2026-11-02", y=4.0)])
    assert store.read("win_back") == [row("2026-11-01"), row("2026-11-02", y=4.0)]
    store.replace("win_back", ["2026-11-02"], [])
    assert store.read("win_back") == [row("2026-11-01")]
    assert store.read("other") == [row("2026-11-01", y=9.0)]
    assert store.read("nobody") == []


def test_a_day_is_counted_up_to_its_oldest_row(engine: sa.Engine) -> None:
    store = SqlMetricSums(engine)
    late = "2026-11-04T00:00:00+00:00"
    store.replace("win_back", [], [row("2026-11-01"), row("2026-11-01", "holdout", until=late)])
    assert store.counted("win_back") == {"2026-11-01": "2026-11-03T00:00:00+00:00"}


def test_the_database_adds_up_what_is_not_asked_for(engine: sa.Engine) -> None:
    store = SqlMetricSums(engine)
    store.replace("win_back", [], [row("2026-11-01"), row("2026-11-02", y=4.0), row("2026-11-02", "holdout")])
    treated, held = sorted(store.read("win_back", by=()), key=lambda one: one.arm == "holdout")
    assert (treated.day, treated.stratum, treated.sums[:3]) == ("", "", (20.0, 5.0, 1.0))
    assert held.sums[:3] == (10.0, 1.0, 0.5)
    assert [one.day for one in store.read("win_back", by=("day",))] == ["2026-11-01", "2026-11-02", "2026-11-02"]


def test_locales_and_steps_are_kept_apart_and_added_up(engine: sa.Engine) -> None:
    store = SqlMetricSums(engine)
    english = replace(row("2026-11-01"), locale="en-GB", step="1")
    german = replace(english, locale="de-DE", step="2", did=4.0)
    store.replace("win_back", [], [english, german])
    assert store.read("win_back", by=("stratum", "day", "locale", "step")) == [english, german]
    (both,) = store.read("win_back")
    assert (both.locale, both.step, both.sums[0], both.did) == ("", "", 20.0, 7.0)
