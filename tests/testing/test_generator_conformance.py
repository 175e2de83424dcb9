"""The conformance suite finds generators that break the contract."""

from dataclasses import replace

import pytest

from tailorbird.testing.generator import ScriptedGenerator
from tailorbird.testing.generator_conformance import (
    SAMPLE_REQUEST,
    check_every_candidate_is_answered_in_one_completion,
    check_log_probabilities_are_none_or_not_positive,
)
from tailorbird.types.completion import Completion, CompletionRequest, Sample


class Stingy(ScriptedGenerator):
    """Gives one sample, with an impossible log-probability."""

    def complete(self, request: CompletionRequest) -> Completion:
        return replace(super().complete(request), samples=(Sample("x", True, 0.5),))


def test_too_few_samples_are_found() -> None:
    assert SAMPLE_REQUEST.candidates > 1
    with pytest.raises(AssertionError):
        check_every_candidate_is_answered_in_one_completion(Stingy)


def test_an_impossible_log_probability_is_found() -> None:
    with pytest.raises(AssertionError):
        check_log_probabilities_are_none_or_not_positive(Stingy)
