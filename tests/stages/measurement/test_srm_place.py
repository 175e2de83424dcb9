"""Where a split is off."""

from tailorbird.stages.measurement.srm_place import add_cells, cells_p, find_places
from tailorbird.types.split_check import SplitCell

HALF = (0.5, 0.5)


def cell(day: int, counts: tuple[int, int], locale: str = "en-GB", channel: str = "email") -> SplitCell:
    return SplitCell(f"2026-06-0{day}", counts, HALF, {"locale": locale, "channel": channel})


def test_the_day_on_which_people_went_missing_is_named_alone() -> None:
    cells = [cell(1, (500, 503)), cell(2, (500, 300)), cell(3, (498, 500))]
    (place,) = find_places(cells)
    assert (place.dimension, place.value, place.counts, place.expected) == (
        "day", "2026-06-02", (500, 300), (400.0, 400.0),
    )  # fmt: skip
    assert place.rest_p is not None and place.rest_p > 0.5


def test_a_stratum_across_days_and_a_channel_are_found_too() -> None:
    cells = [cell(1, (250, 251)), cell(1, (250, 150), "de-DE"), cell(2, (251, 250)), cell(2, (250, 150), "de-DE")]
    assert next((p.dimension, p.value) for p in find_places(cells)) == ("locale", "de-DE")
    sms = [cell(1, (500, 500)), cell(1, (500, 300), channel="sms")]
    assert [(p.dimension, p.value) for p in find_places(sms)] == [("channel", "sms")]


def test_what_is_missing_everywhere_is_nowhere_in_particular_but_in_each() -> None:
    places = find_places([cell(1, (1000, 700)), cell(2, (1000, 700))])
    assert {p.value for p in places} == {"2026-06-01", "2026-06-02"}
    assert all(p.rest_p is not None and p.rest_p < 0.001 for p in places)


def test_one_value_alone_says_nothing_and_a_sound_split_has_no_places() -> None:
    assert find_places([cell(1, (500, 300))]) == ()
    assert find_places([cell(day, (500, 500)) for day in range(1, 10)]) == ()


def test_each_part_counts_with_its_own_plan() -> None:
    mixed = [SplitCell("2026-06-01", (90, 10), (0.9, 0.1), {}), SplitCell("2026-06-02", (50, 50), HALF, {})]
    assert add_cells(mixed) == ((140, 60), (140.0, 60.0))
    assert cells_p(mixed) == 1.0
    assert cells_p([]) is None
