"""Completions from any server that speaks the OpenAI-compatible chat protocol: vLLM, Ollama, llama.cpp, hosted ones."""

import re
import time
from collections.abc import Callable
from typing import Any

import httpx2

from tailorbird.adapters.openai_compatible.answers import read_samples, read_usage
from tailorbird.adapters.openai_compatible.endpoint import read_endpoint
from tailorbird.ports.generator import GeneratorError
from tailorbird.types.completion import Completion, CompletionRequest, ModelCard, Sample

_RETRIED = {408, 409, 425, 429, 500, 502, 503, 504}
_WAIT_MAX_SECONDS = 60.0
# Left out one by one when a server's refusal names them: the least important first.
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
        """`base_url` ends before /chat/completions ('http://127.0.0.1:8000/v1'). Prices are micros per token.

        GeneratorError: an address or a key that cannot be used. The key goes over https only, or to this machine.
        """
        self._endpoint = read_endpoint(base_url, api_key)
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        timeout = httpx2.Timeout(timeout_seconds, connect=min(5.0, timeout_seconds))
        try:
            self._client = httpx2.Client(base_url=self._endpoint.url, headers=headers, timeout=timeout)
        except (ValueError, httpx2.InvalidURL) as problem:
            raise self._error(f"is no address that can be asked: {problem}") from None
        self._card = ModelCard(model, "openai_compatible", "", self._endpoint.shown)
        self._renamed, self._posts = False, 0
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
        before = self._posts
        try:
            return self._complete(request, before)
        except GeneratorError as problem:
            problem.requests = self._posts - before
            raise

    def _complete(self, request: CompletionRequest, before: int) -> Completion:
        wall = time.perf_counter()
        samples: list[Sample] = []
        prompt_tokens = completion_tokens = 0
        while len(samples) < request.candidates:
            answer = self._ask(request, request.candidates - len(samples), request.seed + len(samples))
            got = read_samples(answer)
            if not got:
                raise self._error("answered without a completion")
            samples += got
            counted = read_usage(answer)
            prompt_tokens, completion_tokens = prompt_tokens + counted[0], completion_tokens + counted[1]
        return Completion(
            samples=tuple(samples[: request.candidates]),
            prompt_tokens=prompt_tokens,
            completion_tokens=completion_tokens,
            latency_ms=(time.perf_counter() - wall) * 1000,
            cost_micros=round(prompt_tokens * self._prices[0] + completion_tokens * self._prices[1]),
            model=self._card,
            requests=self._posts - before,
        )

    def _error(self, what: str) -> GeneratorError:
        """An error that names the server, and repeats no secret whatever the server said."""
        return GeneratorError(self._endpoint.mask(f"{self._endpoint.shown} {what}"))

    def _ask(self, request: CompletionRequest, count: int, seed: int) -> dict[str, Any]:
        while True:
            answer = self._post(_body(self._card.name, request, count, seed, self.dropped, self._renamed))
            if answer.status_code in (400, 422) and self._drop_refused(answer.text, request):
                continue
            if answer.status_code >= 400:
                raise self._error(f"answered {answer.status_code}: {answer.text[:200].strip()}")
            try:
                data = answer.json()
            except ValueError:
                raise self._error("did not answer with JSON: is the address right?") from None
            if not isinstance(data, dict):
                raise self._error("answered something that is no completion")
            return data

    def _drop_refused(self, text: str, request: CompletionRequest) -> bool:
        """Leave out an option that the refusal names, or use the name that it asks for; False if it names none."""
        if "max_completion_tokens" in text and not self._renamed:
            self._renamed = True
            return True
        left = [name for name in _OPTIONAL if name not in self.dropped and (name != "grammar" or request.grammar)]
        named = [name for name in left if re.search(rf"\b{name}\b" if len(name) > 1 else rf"['\"`]{name}['\"`]", text)]
        self.dropped |= {*named[:1]}
        return bool(named)

    def _post(self, body: dict[str, Any]) -> httpx2.Response:
        problem: Exception | None = None
        for attempt in range(self._retries + 1):
            wait = min(_WAIT_MAX_SECONDS, 0.5 * 2**attempt)
            self._posts += 1
            try:
                answer = self._client.post("chat/completions", json=body)
            except (httpx2.TimeoutException, httpx2.RemoteProtocolError, httpx2.ReadError) as late:
                problem = late  # too late, or a connection that was closed without an answer
            except (httpx2.HTTPError, httpx2.InvalidURL) as broken:
                raise self._error(f"cannot be reached: {broken}") from None
            else:
                if answer.status_code not in _RETRIED or attempt == self._retries:
                    return answer
                wait = _retry_after(answer, wait)
            if attempt < self._retries:
                self._sleep(wait)
        late_or_closed = "in time" if isinstance(problem, httpx2.TimeoutException) else "but closed the connection"
        raise self._error(f"did not answer {late_or_closed}, {self._retries + 1} times")


def _retry_after(answer: httpx2.Response, otherwise: float) -> float:
    try:
        return min(_WAIT_MAX_SECONDS, max(0.0, float(answer.headers.get("Retry-After", ""))))
    except ValueError:  # absent, or a date: the doubling wait will do
        return otherwise


def _body(
    model: str, request: CompletionRequest, count: int, seed: int, dropped: set[str], renamed: bool
) -> dict[str, Any]:
    body: dict[str, Any] = {
        "model": model,
        "messages": [{"role": role, "content": text} for role, text in request.messages],
        "max_completion_tokens" if renamed else "max_tokens": request.max_tokens,
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
