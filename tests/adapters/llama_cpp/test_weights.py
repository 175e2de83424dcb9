"""Only the pinned weights are used."""

import hashlib
from pathlib import Path

import pytest

from tailorbird.adapters.llama_cpp.weights import verify_weights
from tailorbird.ports.generator import GeneratorError


def test_a_correct_file_is_hashed_once(tmp_path: Path) -> None:
    file = tmp_path / "model.gguf"
    file.write_bytes(b"weights")
    digest = hashlib.sha256(b"weights").hexdigest()
    verify_weights(file, digest)
    stamp = tmp_path / "model.gguf.verified"
    before = stamp.stat().st_mtime_ns
    verify_weights(file, digest)
    assert stamp.stat().st_mtime_ns == before


def test_a_file_that_changed_after_it_was_verified_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "model.gguf"
    file.write_bytes(b"weights")
    digest = hashlib.sha256(b"weights").hexdigest()
    verify_weights(file, digest)
    file.write_bytes(b"w3ights!")
    with pytest.raises(GeneratorError, match=r"damaged.*delete it and run 'tailorbird models pull'"):
        verify_weights(file, digest)


def test_an_absent_file_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(GeneratorError, match="tailorbird models pull"):
        verify_weights(tmp_path / "none.gguf", "0")
