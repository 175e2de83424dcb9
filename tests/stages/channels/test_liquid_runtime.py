"""Lookups and comparisons with Liquid's meaning."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from tailorbird.stages.channels import liquid_runtime as runtime


def test_what_is_missing_is_undefined_and_prints_as_nothing() -> None:
    absent: list[tuple[Any, Any]] = [
        ({}, "a"), ([], 0), (None, "a"), ("text", 0), (3, "a"), ("text", "first"), ({}, ["unhashable"])
    ]  # fmt: skip
    for value, key in absent:
        assert runtime.look_up(value, key) is runtime.UNDEFINED
    assert runtime.as_text(runtime.UNDEFINED) == runtime.as_html(runtime.UNDEFINED) == ""


def test_size_first_and_last_yield_to_keys_of_that_name() -> None:
    assert runtime.look_up({"size": "large"}, "size") == "large"
    assert runtime.look_up({"a": 1}, "size") == 1
    assert runtime.look_up([4, 5], "last") == 5


def test_only_false_nil_and_undefined_are_false() -> None:
    values: list[Any] = [False, None, runtime.UNDEFINED, 0, "", []]
    assert [runtime.truthy(value) for value in values] == [False] * 3 + [True] * 3


def test_booleans_are_no_numbers() -> None:
    assert not runtime.equal(True, 1)
    assert not runtime.less_or_equal(True, 1)
    assert runtime.less(Decimal("1.5"), 2)


def test_values_without_an_order_are_an_error() -> None:
    with pytest.raises(TypeError):
        runtime.less([], 1)
    with pytest.raises(TypeError):
        runtime.contains(3, 1)


def test_a_value_past_the_limit_overruns() -> None:
    with pytest.raises(runtime._OverrunError):
        runtime.bounded("x" * (runtime.OUTPUT_BYTES_MAX + 1))


@given(text=st.text("&<>'\"aé"))
def test_both_ways_of_escaping_agree(text: str) -> None:
    assert runtime.escape(text) == str(escape(text))
