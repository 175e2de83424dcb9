"""A world whose truth is known: situations, arms, rates, and a policy that draws."""

from dataclasses import dataclass

import numpy as np
import pytest

from tailorbird.stages.off_policy.draws import Floats, LoggedDraws, even_folds


@dataclass(frozen=True)
class World:
    """Rates (situations × arms), and the policy that draws."""

    rate: Floats
    logged: Floats

    def log(self, n: int, generator: np.random.Generator) -> LoggedDraws:
        situations, arms = self.rate.shape
        at = generator.integers(0, situations, n)
        arm = (generator.random(n)[:, None] > self.logged.cumsum(axis=1)[at]).sum(axis=1).clip(max=arms - 1)
        reward = (generator.random(n) < self.rate[at, arm]).astype(float)
        unit = np.arange(n)
        return LoggedDraws(arm, self.logged[at, arm], reward, at, at[:, None], unit, even_folds(unit, 2, generator))

    def truth(self, policy: Floats) -> float:
        return float((policy * self.rate).sum() / len(policy))


@pytest.fixture
def world() -> World:
    rate = np.array([[0.02, 0.05, 0.08], [0.10, 0.04, 0.12]])
    return World(rate, np.array([[0.6, 0.3, 0.1], [0.2, 0.5, 0.3]]))
