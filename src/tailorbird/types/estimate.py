"""The estimate: a difference between two arms and how sure it is, before anybody asks for an interval."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Estimate:
    """A difference, treated minus control, with the standard error of each side.

    `treated` and `control` are what is compared: means, ratios of means, or quantiles, after adjustment where a
    covariate was used; `kept` is then the share of the variance that was left (1: nothing was adjusted, or nothing
    gained). Where nothing can be said, `why` says so and no figure means anything: `difference` is None.
    """

    treated_people: float
    control_people: float
    difference: float | None = None
    treated: float = 0.0
    control: float = 0.0
    treated_error: float = 0.0
    control_error: float = 0.0
    kept: float = 1.0
    why: str = ""

    @property
    def people(self) -> float:
        """People of both arms together."""
        return self.treated_people + self.control_people

    @property
    def error(self) -> float:
        """The standard error of the difference."""
        return math.hypot(self.treated_error, self.control_error)
