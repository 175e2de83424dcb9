"""Entailment by a large model, asked by way of ModelCalls: masked, recorded and cached like every call."""

from collections.abc import Sequence
from dataclasses import dataclass

from tailorbird.pipeline.model_calls import ModelCalls, PromptRefusedError
from tailorbird.stages.validation.entailment import ask, read_answer
from tailorbird.types.entailment import Entailed
from tailorbird.types.exposure import PromptContents
from tailorbird.types.prompt import Prompt

BLOCK = "entailment"
"""What records of calls say in place of a campaign's block."""


@dataclass(frozen=True)
class ModelEntailment:
    """A judge that asks a model, once for each model, premises and claim. `slots` say what kinds of text the premises
    may hold, for the vendor's terms."""

    calls: ModelCalls
    prompt: Prompt
    slots: tuple[str, ...] = ("item.name",)

    @property
    def name(self) -> str:
        """Provider, model, where it is, and the prompt's hash."""
        card = self.calls.card()
        return f"{card.provider}/{card.name}@{card.endpoint or card.digest}#{self.prompt.digest[:16]}"

    def judge(self, premises: Sequence[str], claim: str, locale: str) -> Entailed:
        """Ask. PromptRefusedError: the vendor's terms do not allow it. GeneratorError: no answer."""
        contents = PromptContents("", "", BLOCK, locale, (), self.slots)
        try:
            answer = self.calls.answer(ask(self.prompt, premises, claim, locale), contents)
        except PromptRefusedError as problem:  # the terms of this vendor, not of the model that writes
            raise PromptRefusedError(str(problem).replace("generator.terms", "validation.entailment.terms")) from None
        return read_answer(answer.completion.samples[0])
