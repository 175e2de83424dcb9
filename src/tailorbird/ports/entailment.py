"""The entailment: a judge of claims that rules cannot decide."""

from collections.abc import Sequence
from typing import Protocol

from tailorbird.types.entailment import Entailed


class Entailment(Protocol):
    """Says how surely sentences that are true make a claim true or false. A failure raises GeneratorError; it never
    returns a guess."""

    @property
    def name(self) -> str:
        """Which judge this is: another model, or other words to ask it with, is another name."""
        ...

    def judge(self, premises: Sequence[str], claim: str, locale: str) -> Entailed:
        """The three probabilities, for one claim in the locale's language."""
        ...
