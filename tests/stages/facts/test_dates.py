"""Dates in a text."""

from datetime import date

import pytest

from tailorbird.stages.facts.dates import find_dates
from tailorbird.stages.facts.languages import language_of
from tailorbird.stages.facts.tokens import tokenise

TODAY = date(2026, 11, 26)  # a Thursday


def read(text: str, code: str = "en", region: str = "GB") -> list[tuple[tuple[date, date], ...]]:
    language = language_of(code)
    assert language is not None
    return [found.spans for found in find_dates(text, tokenise(text), language, TODAY, region)]


@pytest.mark.parametrize(
    ("text", "code", "region", "day"),
    [
        ("2009-12-10", "en", "GB", date(2009, 12, 10)), ("10 December 2009", "en", "GB", date(2009, 12, 10)),
        ("December 10th, 2009", "en", "US", date(2009, 12, 10)), ("10. Dezember 2009", "de", "DE", date(2009, 12, 10)),
        ("10/12/2009", "en", "GB", date(2009, 12, 10)), ("10/12/2009", "en", "US", date(2009, 10, 12)),
        ("10.12.2009", "de", "DE", date(2009, 12, 10)), ("until Sunday", "en", "GB", date(2026, 11, 29)),
        ("bis morgen", "de", "DE", date(2026, 11, 27)), ("ends tomorrow", "en", "GB", date(2026, 11, 27)),
    ],
)  # fmt: skip
def test_a_day_is_read_in_every_form(text: str, code: str, region: str, day: date) -> None:
    assert read(text, code, region) == [((day, day),)]


def test_a_day_without_a_year_is_known_by_month_and_day() -> None:
    for text, code in (("until 3 December", "en"), ("bis 3.12.", "de"), ("bis zum 3. Dezember", "de")):
        language = language_of(code)
        assert language is not None
        (found,) = find_dates(text, tokenise(text), language, None, "")
        assert (found.spans, found.month_day) == ((), (12, 3))


def test_a_month_is_all_its_days_and_may_and_today_are_mostly_words() -> None:
    assert read("December 2009") == [((date(2009, 12, 1), date(2009, 12, 31)),)]
    assert read("you may order today") == [] and read("tomorrow is a good day") == []


def test_a_day_that_no_calendar_has_is_no_day() -> None:
    assert read("31/02/2026") == [] and read("30 February 2026") == [()]
