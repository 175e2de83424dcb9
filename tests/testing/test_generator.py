"""The scripted generator keeps the generator contract."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tailorbird.testing.generator import ScriptedGenerator
from tailorbird.testing.generator_conformance import CHECKS, SAMPLE_REQUEST, MakeGenerator


@pytest.mark.parametrize("check", CHECKS)
def test_it_conforms(check: Callable[[MakeGenerator], None]) -> None:
    check(ScriptedGenerator)


def test_the_same_request_gives_the_same_lines_and_bad_ones_are_among_them() -> None:
    many = replace(SAMPLE_REQUEST, candidates=7)
    texts = [sample.text for sample in ScriptedGenerator().complete(many).samples]
    assert texts == [sample.text for sample in ScriptedGenerator().complete(many).samples]
    assert any("20%" in text for text in texts)
    assert any("Pottle can" in text for text in texts)


def test_a_line_that_does_not_fit_is_cut_off_and_says_so() -> None:
    sample = ScriptedGenerator(["x" * 100]).complete(replace(SAMPLE_REQUEST, max_tokens=5, candidates=1)).samples[0]
    assert (len(sample.text), sample.finished) == (20, False)
