"""What tiers cost."""

from typing import Any

import pytest

from tailorbird.pipeline.budget.costs import REQUESTS_PER_BRIEF, SECONDS_PER_REQUEST, brief_cost, speed_of
from tailorbird.types.settings import GeneratorSettings


def test_a_local_model_costs_the_machines_time() -> None:
    settings = GeneratorSettings(cpu_hour_micros=3_600_000)  # 3.6 an hour: .001 a second
    assert brief_cost(settings, 10.0) == pytest.approx(REQUESTS_PER_BRIEF * 0.01)


def test_a_server_costs_its_tokens_and_none_of_this_machines_time() -> None:
    settings = GeneratorSettings(adapter="openai_compatible", prompt_token_micros=1, completion_token_micros=10)
    assert brief_cost(settings, 10.0) == pytest.approx(REQUESTS_PER_BRIEF * (900 + 600) / 1e6)
    assert brief_cost(GeneratorSettings(adapter="openai_compatible"), 10.0) == 0


def test_no_model_has_no_price() -> None:
    assert brief_cost(None, 1.0) is None
    assert brief_cost(GeneratorSettings(adapter="none"), 1.0) is None


def test_the_speed_is_the_last_runs_that_asked_the_model() -> None:
    runs: list[dict[str, Any]] = [
        {"steps": {"generate": {"model_calls": 4, "cpu_seconds": 8.0}}},
        {"steps": {"generate": {}}},
    ]
    assert speed_of(runs) == (2.0, True)
    assert speed_of([]) == (SECONDS_PER_REQUEST, False)
