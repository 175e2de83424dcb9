"""A generator without a model: canned lines by seed, good ones and bad ones, so that the gate has work."""

import hashlib
import re
from collections.abc import Sequence

from tailorbird.types.completion import Completion, CompletionRequest, ModelCard, Sample

_PRODUCT = re.compile(r"(?:product|Produkt): ([^;\n]+)")
# `{product}` is the name that the request's last turn gives. The last three of each list must not pass a gate.
_ENGLISH = (
    "Have you seen this? {product}",
    "One to look at: {product}",
    "We picked this for you: {product}",
    "Something to consider: {product}",
    "{product}, now 20% off",
    "A waterproof {product} for you!",
    "Only 3 left: {product}",
)
_GERMAN = (
    "Schon gesehen? {product}",
    "Für dich ausgesucht: {product}",
    "Vielleicht etwas für dich: {product}",
    "Einmal ansehen: {product}",
    "{product}, jetzt 20 % günstiger",
    "Der wasserdichte {product}!",
    "Nur noch 3 Stück: {product}",
)


class ScriptedGenerator:
    """Deterministic: the same request gives the same samples. `lines` replaces the canned ones; `calls` counts."""

    def __init__(self, lines: Sequence[str] | None = None) -> None:
        self._lines = tuple(lines) if lines is not None else None
        self.calls = 0

    def card(self) -> ModelCard:
        """A model that says it is none."""
        return ModelCard("scripted", "testing", hashlib.sha256(repr(self._lines).encode()).hexdigest(), local=True)

    def complete(self, request: CompletionRequest) -> Completion:
        """`candidates` lines, chosen by seed and the last turn; cut off at `max_tokens` × 4 characters."""
        self.calls += 1
        turn = request.messages[-1][1]
        found = _PRODUCT.search(turn)
        product = found.group(1).strip() if found else "this"
        lines = self._lines or (_GERMAN if "Angaben:" in turn else _ENGLISH)
        start = int(hashlib.sha256(f"{request.seed}|{turn}".encode()).hexdigest()[:8], 16)
        samples = []
        for n in range(request.candidates):
            line = lines[(start + n) % len(lines)].replace("{product}", product)
            room = request.max_tokens * 4
            samples.append(Sample(line[:room], len(line) <= room, -0.5 - 0.1 * n))
        words = sum(len(text.split()) for _, text in request.messages)
        written = sum(len(sample.text.split()) for sample in samples)
        return Completion(tuple(samples), words, written, 1.0, 0.0, 0, self.card())

    def close(self) -> None:
        """Nothing to release."""
