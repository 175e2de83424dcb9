"""Entailment by a model: the question, the answer, and the sentences that facts make."""

import math
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from liquid import BoundTemplate, Environment, StrictUndefined
from liquid.exceptions import LiquidError

from tailorbird.types.completion import CompletionRequest, Sample
from tailorbird.types.entailment import Entailed
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.fact import Fact, Facts
from tailorbird.types.prompt import Prompt

PREMISES_MAX = 60
_ANSWER_TOKENS = 4
_UNCLEAR = Entailed(0.0, 0.0, 1.0)


class EntailmentPromptError(TailorbirdError):
    """A prompt that cannot be filled in. The message names the file and what is wrong."""


def ask(prompt: Prompt, premises: Sequence[str], claim: str, locale: str) -> CompletionRequest:
    """The request for one claim. Line breaks in premises and claim are spaces: they end nothing in the prompt."""
    values: dict[str, object] = {
        "premises": [" ".join(one.split()) for one in premises],
        "claim": " ".join(claim.split()),
        "locale": locale,
    }
    messages = (("system", _render(prompt, prompt.system, values)), ("user", _render(prompt, prompt.user, values)))
    return CompletionRequest(messages, 1, _ANSWER_TOKENS, 0, temperature=0.0, top_p=1.0, min_p=0.0)


def read_answer(sample: Sample) -> Entailed:
    """The probabilities: that of the letter that was answered, as the server says it, the rest shared by the others.

    A server that tells no log-probability is taken to be sure: how far that holds, calibration finds out. An answer
    that is no letter is unclear.
    """
    letter = sample.text.strip().strip("().:\"'").upper()[:1]
    if letter not in ("A", "B", "C") or len(sample.text.strip().strip("().:\"'")) > 1:
        return _UNCLEAR
    sure = 1.0 if sample.mean_logprob is None else min(1.0, math.exp(sample.mean_logprob))
    rest = (1.0 - sure) / 2
    found = {one: sure if one == letter else rest for one in "ABC"}
    return Entailed(found["A"], found["B"], found["C"])


def premises_of(facts: Facts) -> tuple[str, ...]:
    """What is true of the subjects, a sentence each: 'Hobbin kettle: weight 1.1 kg'. At most PREMISES_MAX."""
    found = []
    for entity in facts.subjects:
        name = entity.names[0] if entity.names else entity.entity_id
        current = [one for one in entity.facts if one.until is None or not facts.as_of or one.until > facts.as_of]
        found += [f"{name}: {fact.name} {_value(fact)}" for fact in current]
    return tuple(found)[:PREMISES_MAX]


def _value(fact: Fact) -> str:
    if isinstance(fact.value, bool):
        return "yes" if fact.value else "no"
    value = fact.value.isoformat() if isinstance(fact.value, datetime) else str(fact.value)
    span = value if fact.high is None else f"{value} to {fact.high}"
    return f"{span} {fact.unit}".strip()


@lru_cache(maxsize=16)
def _template(text: str) -> BoundTemplate:
    return Environment(undefined=StrictUndefined).from_string(text)


def _render(prompt: Prompt, text: str, values: dict[str, object]) -> str:
    try:
        return _template(text).render(**values).strip()
    except LiquidError as problem:
        what = str(problem).partition("\n")[0]
        raise EntailmentPromptError(f"{prompt.path}: {what}; there are: premises, claim, locale") from problem
