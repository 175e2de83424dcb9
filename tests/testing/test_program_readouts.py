"""The example of a program's read-out."""

from tailorbird.testing.program_readouts import example_program


def test_the_example_finds_what_it_planted_and_nothing_where_nothing_is() -> None:
    assert example_program().verdict == "better"
    assert example_program(lift=0.0).verdict == "no_difference"
    assert not example_program().split.blocked
