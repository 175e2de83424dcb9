"""The generator: a model that completes prompts."""

from typing import Protocol

from tailorbird.types.completion import Completion, MaskedRequest, ModelCard
from tailorbird.types.errors import TailorbirdError


class Generator(Protocol):
    """Completes one prompt into several samples. A failure raises GeneratorError; it never returns made-up text."""

    def card(self) -> ModelCard:
        """Which model this is."""
        ...

    def complete(self, request: MaskedRequest) -> Completion:
        """All samples of one request, in one call to the model."""
        ...

    def close(self) -> None:
        """Release the model."""
        ...


class GeneratorError(TailorbirdError):
    """The model did not answer: unreachable, refused, or out of time. The message says what to do.

    `requests` is how often the prompt was sent; 1 where the adapter does not count.
    """

    requests: int = 1
