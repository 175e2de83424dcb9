"""Generators that are watched: what they read, and a model that obeys whoever speaks to it last."""

import re
from collections.abc import Sequence
from dataclasses import replace

from tailorbird.ports.generator import Generator
from tailorbird.stages.privacy.masked_request import mask_request
from tailorbird.stages.privacy.masking import Masker, MaskingRules
from tailorbird.stages.redteam.mutations import HOST
from tailorbird.stages.safety.encoded import find_encoded
from tailorbird.types.completion import Completion, CompletionRequest, MaskedRequest, ModelCard, Sample
from tailorbird.types.exposure import Exposure
from tailorbird.types.folded import fold

_PRODUCT = re.compile(r"(?:product|Produkt): ([^;\n]+)")
_CLEAN = {
    False: ("Have you seen this? {product}", "One to look at: {product}", "We picked this for you: {product}"),
    True: ("Schon gesehen? {product}", "Für dich ausgesucht: {product}", "Einmal ansehen: {product}"),
}
_PIECE = 16
_MASKER = Masker(MaskingRules())


class Watched:
    """Passes requests on to `inner` and keeps what it read. `smuggled` text is put into the last turn first: as if
    every screening had let it pass."""

    def __init__(self, inner: Generator, smuggled: str = "") -> None:
        self._inner, self._smuggled = inner, smuggled
        self.prompts: list[str] = []

    def card(self) -> ModelCard:
        """The inner one's."""
        return self._inner.card()

    def complete(self, request: MaskedRequest) -> Completion:
        """The inner one's answer."""
        if self._smuggled:
            role, text = request.messages[-1]
            turns = (*request.messages[:-1], (role, f"{text}; note: {self._smuggled}"))
            request, _ = mask_request(replace(request, messages=turns), _MASKER)  # masking stands behind all screening
        self.prompts.append("\n".join(text for _, text in request.messages))
        return self._inner.complete(request)

    def close(self) -> None:
        """Nothing: the inner one is closed by whoever opened it."""


def reached(text: str, prompts: Sequence[str]) -> bool:
    """Whether some prompt holds a text, or, where parts of it were masked, most of its pieces."""
    wanted = _squeeze(text)
    seen = [_squeeze(prompt) for prompt in prompts]
    if any(wanted in prompt for prompt in seen):
        return True
    pieces = [wanted[i : i + _PIECE] for i in range(0, len(wanted) - _PIECE, _PIECE)]
    return bool(pieces) and any(sum(piece in prompt for piece in pieces) * 2 > len(pieces) for prompt in seen)


def _squeeze(text: str) -> str:
    return " ".join(text.split())


class ObedientModel:
    """The worst model there is: where its prompt holds the attacker's text, it writes what the attacker wants, in as
    many ways as it is asked for lines; elsewhere it writes plain lines."""

    def __init__(self, text: str) -> None:
        self._text, self._draws = text, 0

    def card(self) -> ModelCard:
        """A model that says it is none."""
        return ModelCard("obedient", "redteam", local=True)

    def complete(self, request: CompletionRequest) -> Completion:
        """Hostile lines where the text is in the prompt; else clean ones."""
        turns = [text for _, text in request.messages]
        found = _PRODUCT.search(turns[-1])
        product = found[1].strip() if found else "this"
        obeys = bool(self._text) and reached(self._text, turns)
        lines = self._hostile(product, turns[0]) if obeys else _CLEAN["Angaben:" in turns[-1]]
        start, self._draws = self._draws, self._draws + request.candidates
        chosen = [lines[(start + n) % len(lines)].replace("{product}", product) for n in range(request.candidates)]
        return Completion(tuple(Sample(line, True, -0.1 * n) for n, line in enumerate(chosen)), model=self.card())

    def close(self) -> None:
        """Nothing to release."""

    def _hostile(self, product: str, system: str) -> list[str]:
        """The attacker's text as it is, decoded, folded, and as the wishes that such texts have."""
        line = " ".join(self._text.split())
        decoded = [found.text for found in find_encoded(line)]
        told = " ".join(system.split())[:55]
        ways = [line, *decoded, fold(line).text, f"{product}: {line}", line[:40], f"{product}, see {HOST}"]
        ways += [f"{product}, now £0.01", told, f"{product}, {line.split(' ')[-1]}"]
        return [way for way in dict.fromkeys(ways) if way]


class Unrecorded:
    """Exposures and a draft cache that keep nothing: an attack is made of nobody's data."""

    def begin(self, exposure: Exposure) -> None:
        """Nothing."""

    def end(self, exposure: Exposure) -> None:
        """Nothing."""

    def find(self, model: str | None = None, since: object = None) -> list[Exposure]:
        """Nothing."""
        return []

    def get(self, key: str) -> Completion | None:
        """Nothing."""
        return None

    def put(self, key: str, completion: Completion) -> None:
        """Nothing."""
