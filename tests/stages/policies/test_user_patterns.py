import time

import pytest

from tailorbird.stages.policies.user_patterns import TIMEOUT_S, compile_pattern, find_pattern


@pytest.mark.parametrize(
    ("pattern", "told"),
    [
        ("(never", "no regular expression: missing"),
        ("[z-a]", "bad character range"),
        ("*now", "nothing to repeat"),
        ("a*", "matches nothing at all"),
        ("x" * 1001, "1001 characters"),
        ("(?:a{5000}){5000}", "its counts multiply"),
        (r"\p{Nowhere}", "unknown property"),
    ],
)
def test_a_bad_expression_is_refused_with_the_reason(pattern: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        compile_pattern(pattern)


def test_an_expression_finds_its_places_whatever_the_case() -> None:
    assert list(find_pattern(compile_pattern(r"\büber\b"), "Über die Mauer, über Nacht", 5)) == [(0, 4), (16, 20)]
    assert list(find_pattern(compile_pattern("a"), "aaaa", 2)) == [(0, 1), (1, 2)]


@pytest.mark.slow
@pytest.mark.parametrize("pattern", [r"(a|aa)+$", r"(?:(?:a{1,30}){1,30}){1,30}b"])
def test_a_catastrophic_expression_is_stopped(pattern: str) -> None:
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        list(find_pattern(compile_pattern(pattern), "a" * 60 + "!", 5))
    assert time.monotonic() - began < 40 * TIMEOUT_S
