"""The effect: a difference between two arms, with how sure it is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Effect:
    """A difference, treatment minus holdout, with its always-valid interval and p. None: cannot be computed."""

    difference: float
    low: float
    high: float
    p: float
    relative: float | None = None
    relative_low: float | None = None
    relative_high: float | None = None

    @property
    def excludes_zero(self) -> bool:
        """Whether the whole interval lies on one side of zero."""
        return self.low > 0 or self.high < 0
