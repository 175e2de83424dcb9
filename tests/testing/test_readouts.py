"""The made-up read-outs hold together."""

from tailorbird.testing.readouts import example_counts, example_outcomes, example_readout


def test_the_example_has_every_part_a_report_shows() -> None:
    readout = example_readout()
    assert readout.verdict == "better"
    assert readout.creatives
    assert readout.tags
    assert readout.lift_over_time
    assert readout.work.rejected_examples
    assert readout.simulated


def test_outcomes_have_exactly_the_counts_asked_for() -> None:
    columns = example_outcomes(50, 7, 40, 3)
    assert [sum(day is not None for day in columns["conversion_day"][i:j]) for i, j in ((0, 50), (50, 90))] == [7, 3]


def test_the_examples_are_the_same_every_time() -> None:
    assert example_counts({"subject": ["a", "b"]}, 100) == example_counts({"subject": ["a", "b"]}, 100)
