import numpy as np
import pytest

from tailorbird.stages.bandits.fatigue import fit_fatigue


def answers(d: float, people: int, seed: int) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Six messages each; who answers often in general is also written to with lines they saw less."""
    rng = np.random.default_rng(seed)
    level = np.repeat(rng.normal(-1.5, 1.0, people), 6)
    seen = np.tile(np.arange(6.0), people)
    chance = 1 / (1 + np.exp(-(level - d * np.log1p(seen))))
    return [f"p{i // 6}" for i in range(people * 6)], seen, rng.random(people * 6) < chance


@pytest.mark.parametrize("d", [0.0, 0.6])
def test_fatigue_is_found_within_people(d: float) -> None:
    assert fit_fatigue(*answers(d, 3000, 1)) == pytest.approx(d, abs=0.15)


def test_few_people_tell_nothing() -> None:
    assert fit_fatigue(*answers(0.6, 20, 1)) is None


def test_people_who_never_answer_or_always_do_tell_nothing() -> None:
    people, seen, _ = answers(0.0, 200, 1)
    assert fit_fatigue(people, seen, np.zeros(1200, dtype=bool)) is None
    assert fit_fatigue(people, seen, np.ones(1200, dtype=bool)) is None
