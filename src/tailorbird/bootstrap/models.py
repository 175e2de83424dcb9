"""The model that writes, fetched and verified."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tailorbird.bootstrap.settings import SetupError, cache_dir, secret
from tailorbird.plugins import find_plugin

if TYPE_CHECKING:
    from tailorbird.ports.generator import Generator
    from tailorbird.ports.progress import Progress
    from tailorbird.project.project import Project


def open_generator(project: "Project", progress: "Progress", confirm: Callable[[str], bool]) -> "Generator | None":
    """The model that tailorbird.yaml names, fetched and verified if it is local; None for 'none'."""
    settings = project.settings.generator
    if settings.adapter == "none":
        return None
    if settings.adapter == "llama_cpp":
        from tailorbird.adapters.llama_cpp.generator import LlamaCppGenerator
        from tailorbird.adapters.models.manifest import load_manifest

        path = fetch_model(settings.model, progress, confirm)
        return LlamaCppGenerator(
            path,
            load_manifest(settings.model).sha256,
            settings.model,
            threads=settings.threads or idle_cores(),
            micros_per_cpu_hour=settings.cpu_hour_micros,
        )
    if settings.adapter == "openai_compatible":
        from tailorbird.adapters.openai_compatible.generator import OpenAiCompatibleGenerator

        if not settings.base_url:
            raise SetupError("tailorbird.yaml: generator.base_url is missing; write the server's URL, ending in /v1")
        return OpenAiCompatibleGenerator(
            settings.base_url,
            settings.model,
            secret(settings.api_key_env, "generator.api_key_env") if settings.api_key_env else "",
            prompt_token_micros=settings.prompt_token_micros,
            completion_token_micros=settings.completion_token_micros,
        )
    generator: Generator = find_plugin("generator", settings.adapter)(settings)
    return generator


def fetch_model(name: str, progress: "Progress", confirm: Callable[[str], bool]) -> Path:
    """The verified file of a local model; it is downloaded only where something could run it."""
    from importlib.util import find_spec

    from tailorbird.adapters.models.pull import pull_model

    if find_spec("xllamacpp") is None:
        raise SetupError("the local model needs an extra: pip install 'tailorbird[local]', or use --no-model")
    return pull_model(name, cache_dir(), progress, confirm)


def idle_cores() -> int:
    """How many threads a model should use now: threads that wait for each other on busy cores are slower than one."""
    cores = os.cpu_count() or 1
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    return max(1, min(cores, round(cores - load)))
