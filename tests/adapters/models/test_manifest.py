"""Model manifests."""

import re
from pathlib import Path

import pytest

from tailorbird.adapters.models.manifest import (
    ModelError,
    PackageSource,
    UrlSource,
    load_manifest,
    manifest_names,
    model_path,
    parse_manifest,
)


@pytest.mark.parametrize("name", manifest_names())
def test_every_manifest_that_ships_pins_size_hash_and_licence(name: str) -> None:
    manifest = load_manifest(name)
    assert re.fullmatch(r"[0-9a-f]{64}", manifest.sha256)
    assert manifest.size > 0
    assert manifest.licence
    assert isinstance(manifest.sources[0], UrlSource)
    assert all(word in manifest.describe() for word in (manifest.file, manifest.licence, manifest.sha256))


def test_the_default_models_parts_are_named_in_numeric_order() -> None:
    source = load_manifest("qwen2.5-coder-1.5b").sources[1]
    assert isinstance(source, PackageSource)
    assert source.member.format(n=3) == "data/part03.bin"
    assert source.last - source.first + 1 == 22


def test_an_unknown_model_names_those_there_are() -> None:
    with pytest.raises(ModelError, match=r"no model 'gpt-9'; there are: .*qwen2\.5-coder-1\.5b"):
        load_manifest("gpt-9")


def test_a_manifest_that_lacks_something_says_what() -> None:
    with pytest.raises(ModelError, match="title"):
        parse_manifest({"name": "x"})


def test_models_lie_in_a_folder_of_the_cache() -> None:
    assert model_path("qwen2.5-coder-1.5b", Path("/c")).parent == Path("/c/models")
