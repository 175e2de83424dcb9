"""Completions from any server that speaks the OpenAI-compatible chat protocol: vLLM, Ollama, llama.cpp, hosted ones."""

import re
import time
from collections.abc import Callable
from typing import Any

import httpx2

from tailorbird.ports.generator import GeneratorError
from tailorbird.types.completion import Completion, CompletionRequest, ModelCard, Sample

_RETRIED = {408, 409, 425, 429, 500, 502, 503, 504}
_WAIT_MAX_SECONDS = 60.0
# Sent first, then left out one by one when a server says that it does not know them: the least important first.
_OPTIONAL = ("grammar", "top_logprobs", "logprobs", "min_p", "seed", "n")


class OpenAiCompatibleGenerator:
    """A remote model. What the server refuses (grammar, log-probabilities…) is left out and listed in `dropped`."""

    def __init__(
        self,
        base_url: str,
        model: str,
        api_key: str = "",
        timeout_seconds: float = 60.0,
        retries: int = 5,
        prompt_token_micros: float = 0.0,
        completion_token_micros: float = 0.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`base_url` ends before /chat/completions ('http://127.0.0.1:8000/v1'). Prices are micros per token."""
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        timeout = httpx2.Timeout(timeout_seconds, connect=min(5.0, timeout_seconds))
        self._client = httpx2.Client(base_url=base_url.rstrip("/") + "/", headers=headers, timeout=timeout)
        self._base_url, self._card = base_url, ModelCard(model, "openai_compatible")
        self._retries, self._sleep = retries, sleep
        self._prices = (prompt_token_micros, completion_token_micros)
        self.dropped: set[str] = set()

    def card(self) -> ModelCard:
        """Which model this is; a remote model has no digest."""
        return self._card

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def complete(self, request: CompletionRequest) -> Completion:
        """All samples of one request; several requests where the server gives one sample at a time."""
        wall = time.perf_counter()
        samples: list[Sample] = []
        prompt_tokens = completion_tokens = 0
        while len(samples) < request.candidates:
            answer = self._ask(request, request.candidates - len(samples), request.seed + len(samples))
            got = _samples(answer)
            if not got:
                raise GeneratorError(f"{self._base_url} answered without a completion")
            samples += got
            usage = answer.get("usage") or {}
            prompt_tokens += int(usage.get("prompt_tokens") or 0)
            completion_tokens += int(usage.get("completion_tokens") or 0)
        return Completion(
            samples=tuple(samples[: request.candidates]),
            prompt_tokens=prompt_tokens,
            completion_tokens=completion_tokens,
            latency_ms=(time.perf_counter() - wall) * 1000,
            cost_micros=round(prompt_tokens * self._prices[0] + completion_tokens * self._prices[1]),
            model=self._card,
        )

    def _ask(self, request: CompletionRequest, count: int, seed: int) -> dict[str, Any]:
        while True:
            answer = self._post(_body(self._card.name, request, count, seed, self.dropped))
            if answer.status_code in (400, 422) and self._drop_refused(answer.text, request):
                continue
            if answer.status_code >= 400:
                raise GeneratorError(f"{self._base_url} answered {answer.status_code}: {answer.text[:200].strip()}")
            try:
                data = answer.json()
            except ValueError as problem:
                raise GeneratorError(f"{self._base_url} did not answer with JSON: is the address right?") from problem
            if not isinstance(data, dict):
                raise GeneratorError(f"{self._base_url} answered something that is no completion")
            return data

    def _drop_refused(self, text: str, request: CompletionRequest) -> bool:
        """Leave out an option that the refusal names, else the next optional one; False when all are out."""
        left = [name for name in _OPTIONAL if name not in self.dropped and (name != "grammar" or request.grammar)]
        named = [name for name in left if re.search(rf"\b{name}\b" if len(name) > 1 else rf"['\"`]{name}['\"`]", text)]
        for name in (named or left)[:1]:
            self.dropped.add(name)
            return True
        return False

    def _post(self, body: dict[str, Any]) -> httpx2.Response:
        problem: Exception | None = None
        for attempt in range(self._retries + 1):
            wait = min(_WAIT_MAX_SECONDS, 0.5 * 2**attempt)
            try:
                answer = self._client.post("chat/completions", json=body)
            except httpx2.TimeoutException as late:
                problem = late
            except httpx2.HTTPError as broken:
                raise GeneratorError(f"cannot reach {self._base_url}: {broken}") from broken
            else:
                if answer.status_code not in _RETRIED or attempt == self._retries:
                    return answer
                wait = _retry_after(answer, wait)
            if attempt < self._retries:
                self._sleep(wait)
        raise GeneratorError(f"{self._base_url} did not answer in time, {self._retries + 1} times") from problem


def _retry_after(answer: httpx2.Response, otherwise: float) -> float:
    try:
        return min(_WAIT_MAX_SECONDS, max(0.0, float(answer.headers.get("Retry-After", ""))))
    except ValueError:  # absent, or a date: the doubling wait will do
        return otherwise


def _body(model: str, request: CompletionRequest, count: int, seed: int, dropped: set[str]) -> dict[str, Any]:
    body: dict[str, Any] = {
        "model": model,
        "messages": [{"role": role, "content": text} for role, text in request.messages],
        "max_tokens": request.max_tokens,
        "temperature": request.temperature,
        "top_p": request.top_p,
        "min_p": request.min_p,
        "stop": list(request.stop),
        "seed": seed,
        "n": count,
        "logprobs": True,
        "top_logprobs": 1,
    }
    if request.grammar:
        body["grammar"] = request.grammar
    return {name: value for name, value in body.items() if name not in dropped}


def _samples(answer: dict[str, Any]) -> list[Sample]:
    samples = []
    for choice in answer.get("choices") or ():
        tokens = (choice.get("logprobs") or {}).get("content") or ()
        probabilities = [token["logprob"] for token in tokens if token.get("logprob") is not None]
        mean = sum(probabilities) / len(probabilities) if probabilities else None
        text = ((choice.get("message") or {}).get("content") or "").strip()
        samples.append(Sample(text, choice.get("finish_reason") == "stop", mean))
    return samples
