"""Model calls: the one way from the pipeline to a generator. What is personal is masked, and every call recorded.

A generator takes a `MaskedRequest`, which only masking makes; the pipeline is given `ModelCalls` and no generator. So a
new adapter, or a new step, cannot forget either.
"""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace

from tailorbird.ports.clock import Clock
from tailorbird.ports.draft_cache import DraftCache
from tailorbird.ports.exposures import Exposures
from tailorbird.ports.generator import Generator, GeneratorError
from tailorbird.stages.privacy.masked_request import mask_request
from tailorbird.stages.privacy.masking import Masker
from tailorbird.stages.privacy.terms import categories_of, refuse_prompt
from tailorbird.types.completion import Completion, CompletionRequest, MaskedRequest, ModelCard
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.exposure import Exposure, ExposureState, PromptContents
from tailorbird.types.settings import TermsSettings

# Raised when a stored answer would no longer be the answer to the same key.
_KEY_FORMAT = 2
_ID_BYTES = 16


class PromptRefusedError(TailorbirdError):
    """A prompt that the model's vendor may not be sent, by the terms on record. Nothing was sent."""


@dataclass(frozen=True)
class Answer:
    """A completion, whether it came from the cache, and how many spans were masked, by kind."""

    completion: Completion
    cached: bool
    masked: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class VendorRules:
    """What the project says of the vendor: terms, regions that are allowed, the slots that knowledge tables fill."""

    terms: TermsSettings = field(default_factory=TermsSettings)
    regions: tuple[str, ...] = ()
    knowledge: frozenset[str] = frozenset()


def request_key(request: CompletionRequest, card: ModelCard) -> str:
    """The exact-cache key: SHA-256 of the canonical request, of which model is asked, and where."""
    model = [card.provider, card.name, card.digest, card.endpoint]
    content = {"format": _KEY_FORMAT, "request": asdict(request), "model": model}
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


class ModelCalls:
    """Masks, looks into the cache, asks the model, and records each of it."""

    def __init__(
        self,
        generator: Generator,
        masker: Masker,
        cache: DraftCache,
        exposures: Exposures,
        clock: Clock,
        rules: VendorRules | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> None:
        self.tags: Mapping[str, str] = tags or {}
        """Tags that every line of this model bears."""
        self._generator, self._masker, self._cache = generator, masker, cache
        self._exposures, self._clock, self._rules = exposures, clock, rules or VendorRules()

    def card(self) -> ModelCard:
        """Which model is asked."""
        return self._generator.card()

    def close(self) -> None:
        """Release the model."""
        self._generator.close()

    def answer(self, request: CompletionRequest, contents: PromptContents) -> Answer:
        """The completion of a request whose prompt is made of `contents`.

        The record is on disk before the model is asked: a call during which the process dies stays 'started'.
        PromptRefusedError: the terms do not allow it. GeneratorError: the model did not answer.
        """
        categories = categories_of(contents.slots, self._rules.knowledge)
        masked, counts = mask_request(request, self._masker)
        card = self.card()
        record = self._record(masked, counts, replace(contents, categories=categories), card)
        key = request_key(masked, card)
        found = self._cache.get(key)
        if found is not None:
            self._close_at_once(record, "cache", "")
            return Answer(found, True, counts)
        if not card.local:
            reason = refuse_prompt(self._rules.terms, self._rules.regions, categories, counts)
            if reason:
                self._close_at_once(record, "refused", reason)
                raise PromptRefusedError(f"{contents.block} ({contents.locale}) was not sent to {card.name}: {reason}")
        completion = self._ask(masked, record)
        self._cache.put(key, completion)
        return Answer(completion, False, counts)

    def _ask(self, request: MaskedRequest, record: Exposure) -> Completion:
        self._exposures.begin(record)
        try:
            completion = self._generator.complete(request)
        except GeneratorError as problem:
            # What a server says may repeat the prompt: the record keeps that it failed.
            now = self._clock.now()
            failed = replace(record, state="failed", ended_at=now, requests=problem.requests, reason="no answer")
            self._exposures.end(failed)
            raise
        ended = replace(
            record,
            state="answered",
            ended_at=self._clock.now(),
            requests=completion.requests,
            prompt_tokens=completion.prompt_tokens,
            completion_tokens=completion.completion_tokens,
        )
        self._exposures.end(ended)
        return completion

    def _close_at_once(self, record: Exposure, state: ExposureState, reason: str) -> None:
        self._exposures.begin(replace(record, state=state, ended_at=record.at, reason=reason))

    def _record(
        self, request: MaskedRequest, masked: Mapping[str, int], contents: PromptContents, card: ModelCard
    ) -> Exposure:
        text = json.dumps([request.messages, request.grammar, request.stop], ensure_ascii=False).encode()
        terms = self._rules.terms
        told = TermsSettings("this machine", 0, False, "") if card.local else terms
        return Exposure(
            exposure_id=secrets.token_hex(_ID_BYTES),
            at=self._clock.now(),
            state="started",
            model=card.name,
            provider=card.provider,
            endpoint=card.endpoint,
            local=card.local,
            region=told.region,
            retention_days=told.retention_days,
            trains=told.trains,
            dpa=told.dpa,
            contents=contents,
            prompt_sha256=hashlib.sha256(text).hexdigest(),
            prompt_bytes=sum(len(part.encode()) for _, part in request.messages) + len(request.grammar.encode()),
            masked=dict(masked),
        )
