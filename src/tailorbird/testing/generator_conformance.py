"""What every generator must do: run each of CHECKS with a function that opens a generator."""

from collections.abc import Callable

from tailorbird.ports.generator import Generator
from tailorbird.types.completion import CompletionRequest, MaskedRequest

MakeGenerator = Callable[[], Generator]

_REQUEST = CompletionRequest(
    messages=(
        ("system", "You write for Wren. Write one email subject line, at most 60 characters."),
        ("user", "Reason: a while since the last order\nFacts: product: Quillet kettle"),
        ("assistant", "Have you seen this? Quillet kettle"),
        ("user", "Reason: a while since the last order\nFacts: product: Pottle can"),
    ),
    candidates=9,
    max_tokens=24,
    seed=7,
)
SAMPLE_REQUEST = MaskedRequest(_REQUEST)
"""Nothing in it is personal: it was made here."""


def check_the_card_names_a_model(make: MakeGenerator) -> None:
    """A draft must be traceable to what wrote it."""
    generator = make()
    card = generator.card()
    generator.close()
    assert card.name
    assert card.provider


def check_every_candidate_is_answered_in_one_completion(make: MakeGenerator) -> None:
    """As many samples as were asked for, with text, and without the stop string."""
    generator = make()
    completion = generator.complete(SAMPLE_REQUEST)
    generator.close()
    assert len(completion.samples) == SAMPLE_REQUEST.candidates
    assert all("\n" not in sample.text for sample in completion.samples)
    assert any(sample.text for sample in completion.samples)
    assert completion.model == generator.card()


def check_costs_and_times_are_counted(make: MakeGenerator) -> None:
    """Tokens are counted and nothing is negative."""
    generator = make()
    completion = generator.complete(SAMPLE_REQUEST)
    generator.close()
    assert completion.completion_tokens > 0
    assert min(completion.prompt_tokens, completion.cpu_seconds, completion.latency_ms, completion.cost_micros) >= 0


def check_log_probabilities_are_none_or_not_positive(make: MakeGenerator) -> None:
    """A mean log-probability ranks drafts, so it must be one."""
    generator = make()
    completion = generator.complete(SAMPLE_REQUEST)
    generator.close()
    assert all(sample.mean_logprob is None or sample.mean_logprob <= 0 for sample in completion.samples)


CHECKS = (
    check_the_card_names_a_model,
    check_every_candidate_is_answered_in_one_completion,
    check_costs_and_times_are_counted,
    check_log_probabilities_are_none_or_not_positive,
)
