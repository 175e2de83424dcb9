"""The local generator, with the real model where it is in the user's cache."""

import hashlib
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tailorbird.adapters.llama_cpp.generator import LlamaCppGenerator
from tailorbird.adapters.models.manifest import load_manifest, model_path
from tailorbird.ports.generator import GeneratorError
from tailorbird.testing.generator_conformance import CHECKS, SAMPLE_REQUEST, MakeGenerator

MANIFEST = load_manifest("qwen2.5-coder-1.5b")


def cached_model() -> Path:
    home = os.environ.get("TAILORBIRD_CACHE") or os.path.join(
        os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "tailorbird"
    )
    return model_path(MANIFEST.name, Path(home))


# Read before the tests get a cache of their own: the model is too large to fetch for a test.
MODEL = cached_model()


@pytest.fixture(scope="module")
def generator() -> Iterator[LlamaCppGenerator]:
    pytest.importorskip("xllamacpp", reason="the extra tailorbird[local] is not installed")
    if not MODEL.exists():
        pytest.skip(f"no model at {MODEL}: run 'tailorbird models pull'")
    running = LlamaCppGenerator(MODEL, MANIFEST.sha256, MANIFEST.name)
    yield running
    running.close()


@pytest.mark.slow
@pytest.mark.parametrize("check", CHECKS)
def test_it_conforms(check: Callable[[MakeGenerator], None], generator: LlamaCppGenerator) -> None:
    check(lambda: generator)  # a closed one loads the model again


@pytest.mark.slow
def test_candidates_beyond_the_slots_are_samples_of_their_own(generator: LlamaCppGenerator) -> None:
    texts = [sample.text for sample in generator.complete(replace(SAMPLE_REQUEST, temperature=1.5)).samples]
    assert len(texts) == 9
    assert texts[:4] != texts[4:8]


@pytest.mark.slow
def test_the_real_model_answers_every_candidate_and_obeys_the_grammar(generator: LlamaCppGenerator) -> None:
    request = replace(SAMPLE_REQUEST, grammar="root ::= piece+\npiece ::= [^0-9\\n]", max_tokens=12)
    completion = generator.complete(request)
    assert len(completion.samples) == SAMPLE_REQUEST.candidates
    assert not any(c.isdigit() for sample in completion.samples for c in sample.text)
    assert all(sample.mean_logprob is not None and sample.mean_logprob <= 0 for sample in completion.samples)
    assert completion.cpu_seconds > 0
    assert completion.completion_tokens > 3
    assert completion.model.digest == MANIFEST.sha256


@pytest.mark.slow
def test_the_beginning_that_requests_share_is_read_once(generator: LlamaCppGenerator) -> None:
    system = ("system", "You write for a shop with many rules. " + " ".join(f"Rule {n}: be brief." for n in range(60)))
    turns = [(system, ("user", f"Reason: a while\nFacts: product: {name}")) for name in ("Ash peg", "Oak box")]
    first, second = (
        generator.complete(replace(SAMPLE_REQUEST, messages=messages, candidates=1, max_tokens=1)) for messages in turns
    )
    assert second.cpu_seconds < first.cpu_seconds / 2


def test_a_damaged_file_is_refused_before_it_is_loaded(tmp_path: Path) -> None:
    file = tmp_path / "model.gguf"
    file.write_bytes(b"not a model")
    with pytest.raises(GeneratorError, match="damaged"):
        LlamaCppGenerator(file, MANIFEST.sha256, "m")


def test_a_file_that_is_no_model_is_a_clear_error(tmp_path: Path) -> None:
    pytest.importorskip("xllamacpp", reason="the extra tailorbird[local] is not installed")
    file = tmp_path / "model.gguf"
    file.write_bytes(b"not a model")
    generator = LlamaCppGenerator(file, hashlib.sha256(b"not a model").hexdigest(), "m")
    with pytest.raises(GeneratorError, match="cannot be loaded"):
        generator.complete(SAMPLE_REQUEST)


def test_without_the_extra_the_error_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    file = tmp_path / "model.gguf"
    file.write_bytes(b"weights")
    with pytest.raises(GeneratorError, match=r"tailorbird\[local\]"):
        LlamaCppGenerator(file, hashlib.sha256(b"weights").hexdigest(), "m")
