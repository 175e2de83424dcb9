"""Completions from llama.cpp inside this process, by xllamacpp: no server, no network, no key."""

import importlib
import os
import time
from functools import partial
from pathlib import Path
from typing import Any

from tailorbird.adapters.llama_cpp.weights import verify_weights
from tailorbird.ports.generator import GeneratorError
from tailorbird.types.completion import Completion, CompletionRequest, ModelCard, Sample

_QUIET = -1
# Samples that are written side by side, and the tokens that they and their prompt share.
_SLOTS = 4
_CONTEXT_TOKENS = 4096


class LlamaCppGenerator:
    """One loaded model. Samples of one request share its prompt (unified KV cache), and requests that begin alike
    share their beginning. `cpu_seconds` of a completion is process time, so run nothing else beside it."""

    def __init__(
        self,
        model_path: Path,
        sha256: str,
        name: str,
        threads: int = 1,
        micros_per_cpu_hour: int = 0,
    ) -> None:
        """Verify the weights; they are loaded (seconds, 1.3 GB) by the first request that no cache answers.

        GeneratorError: the extra is missing, the file is absent or damaged.

        `threads` 0 means 1: several threads wait on each other where the cores are not idle.
        """
        verify_weights(model_path, sha256)
        self._card = ModelCard(name, "llama_cpp", sha256, local=True)
        self._price = micros_per_cpu_hour
        self._open = partial(_load, _runtime(), model_path, max(1, threads))
        self._server: Any = None

    def card(self) -> ModelCard:
        """Which model this is."""
        return self._card

    def complete(self, request: CompletionRequest) -> Completion:
        """All samples of one request, as many side by side as there are slots, each batch with a seed of its own."""
        if self._server is None:
            self._server = self._open()
        wall, cpu = time.perf_counter(), time.process_time()
        choices: list[dict[str, Any]] = []
        prompt_tokens = 0
        while len(choices) < request.candidates:
            count = min(request.candidates - len(choices), _SLOTS)
            answer = self._ask(_body(request, count, request.seed + len(choices)))
            choices += _choices(answer)
            prompt_tokens += int((answer.get("usage") or {}).get("prompt_tokens", 0))
        choices = choices[: request.candidates]
        spent = time.process_time() - cpu
        return Completion(
            samples=tuple(_sample(choice) for choice in choices),
            prompt_tokens=prompt_tokens,
            completion_tokens=sum(len(_tokens(choice)) for choice in choices),
            latency_ms=(time.perf_counter() - wall) * 1000,
            cpu_seconds=spent,
            cost_micros=round(spent / 3600 * self._price),
            model=self._card,
        )

    def _ask(self, body: dict[str, Any]) -> Any:
        try:
            return self._server.handle_chat_completions(body)
        except Exception as problem:
            raise GeneratorError(f"the local model failed: {problem}") from problem

    def close(self) -> None:
        """Release the model's memory; a later request would load it again."""
        self._server = None


def _runtime() -> Any:
    try:
        return importlib.import_module("xllamacpp")
    except ImportError as problem:
        raise GeneratorError(
            "the local model needs an extra: pip install 'tailorbird[local]', or use --no-model"
        ) from problem


def _load(xllamacpp: Any, path: Path, threads: int) -> Any:
    params = xllamacpp.CommonParams()
    params.model.path = os.fspath(path)
    params.n_ctx, params.n_parallel, params.kv_unified = _CONTEXT_TOKENS, _SLOTS, True
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.warmup, params.verbosity = False, _QUIET
    try:
        return xllamacpp.Server(params)
    except Exception as problem:
        raise GeneratorError(f"the model {path} cannot be loaded: {problem}") from problem


def _body(request: CompletionRequest, candidates: int, seed: int) -> dict[str, Any]:
    body: dict[str, Any] = {
        "messages": [{"role": role, "content": text} for role, text in request.messages],
        "n": candidates,
        "max_tokens": request.max_tokens,
        "temperature": request.temperature,
        "top_p": request.top_p,
        "min_p": request.min_p,
        "seed": seed,
        "stop": list(request.stop),
        "logprobs": True,
        "top_logprobs": 1,
        "cache_prompt": True,
    }
    if request.grammar:
        body["grammar"] = request.grammar
    return body


def _choices(answer: Any) -> list[dict[str, Any]]:
    choices = answer.get("choices") if isinstance(answer, dict) else None
    if not choices:
        detail = answer.get("error") if isinstance(answer, dict) else answer
        raise GeneratorError(f"the local model refused the request: {detail}")
    return list(choices)


def _tokens(choice: dict[str, Any]) -> list[dict[str, Any]]:
    return (choice.get("logprobs") or {}).get("content") or []


def _sample(choice: dict[str, Any]) -> Sample:
    probabilities = [token["logprob"] for token in _tokens(choice) if token.get("logprob") is not None]
    return Sample(
        text=(choice["message"].get("content") or "").strip(),
        finished=choice.get("finish_reason") == "stop",
        mean_logprob=sum(probabilities) / len(probabilities) if probabilities else None,
    )
