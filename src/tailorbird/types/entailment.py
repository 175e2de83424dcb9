"""Entailment: whether facts make a claim true, false, or neither, and from which probability on that is believed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Label = Literal["entail", "contradict", "neutral"]


@dataclass(frozen=True, slots=True)
class Entailed:
    """The probabilities that the premises make a claim true, false, or neither; they add up to 1."""

    entail: float
    contradict: float
    neutral: float

    def of(self, label: Label) -> float:
        """The probability of one outcome."""
        return {"entail": self.entail, "contradict": self.contradict, "neutral": self.neutral}[label]


@dataclass(frozen=True, slots=True)
class Example:
    """A claim that a person labelled."""

    premises: tuple[str, ...]
    claim: str
    label: Label
    locale: str = "en"


@dataclass(frozen=True, slots=True)
class Bin:
    """One step of a reliability curve: `count` labels of probabilities up to `high`, of which `share` were so."""

    high: float
    mean: float
    share: float
    count: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """What was learned of one judge from labels.

    `judge` names model and prompt: for any other the calibration says nothing. `thresholds` are the probabilities from
    which on an outcome is believed; one that no probability makes sure enough is absent, and is never believed.
    """

    judge: str
    labels: int
    precision: float
    thresholds: Mapping[str, float] = field(default_factory=dict)
    curves: Mapping[str, tuple[Bin, ...]] = field(default_factory=dict)
