"""Answers of servers that do not keep to the protocol."""

from typing import Any

import pytest

from tailorbird.adapters.openai_compatible.answers import read_samples, read_usage
from tailorbird.types.completion import Sample


def choice(**changed: Any) -> dict[str, Any]:
    return {"message": {"content": " A line "}, "finish_reason": "stop", **changed}


def test_a_good_answer_is_read() -> None:
    logprobs = {"content": [{"logprob": -0.25}, {"logprob": -0.75}]}
    assert read_samples({"choices": [choice(logprobs=logprobs)]}) == [Sample("A line", True, -0.5)]
    assert read_usage({"usage": {"prompt_tokens": 3, "completion_tokens": 2}}) == (3, 2)


def test_a_content_in_parts_is_joined() -> None:
    parts = [{"type": "text", "text": "A "}, {"type": "image"}, {"type": "text", "text": "line"}]
    assert read_samples({"choices": [choice(message={"content": parts})]}) == [Sample("A line", True, None)]


@pytest.mark.parametrize(
    "answer",
    [{}, {"choices": None}, {"choices": {}}, {"choices": ["a"]}, {"choices": [choice(message="x")]},
     {"choices": [choice(message={"content": 3})]}],
)  # fmt: skip
def test_what_holds_no_text_gives_no_sample(answer: dict[str, Any]) -> None:
    assert read_samples(answer) == []


@pytest.mark.parametrize(
    "logprobs", ["x", {"content": "x"}, {"content": [1, {"logprob": "low"}, {"logprob": float("nan")}]}]
)
def test_probabilities_that_are_none_are_left_out(logprobs: object) -> None:
    assert read_samples({"choices": [choice(logprobs=logprobs)]}) == [Sample("A line", True, None)]


@pytest.mark.parametrize("usage", [None, "x", {"prompt_tokens": "a"}, {"prompt_tokens": -1}, {"prompt_tokens": [1]}])
def test_counts_that_are_none_are_zero(usage: object) -> None:
    assert read_usage({"usage": usage}) == (0, 0)
