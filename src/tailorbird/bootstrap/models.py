"""The model that writes, fetched and verified, and the only way to it."""

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tailorbird.bootstrap.settings import SetupError, cache_dir, secret
from tailorbird.plugins import find_plugin
from tailorbird.types.tier_spec import TIER_TAG

if TYPE_CHECKING:
    from tailorbird.pipeline.model_calls import ModelCalls
    from tailorbird.ports.exposures import Exposures
    from tailorbird.ports.generator import Generator
    from tailorbird.ports.progress import Progress
    from tailorbird.ports.regressor import Regressor
    from tailorbird.project.project import Project
    from tailorbird.stages.privacy.masking import Masker
    from tailorbird.types.settings import TermsSettings


def open_generator(project: "Project", progress: "Progress", confirm: Callable[[str], bool]) -> "ModelCalls | None":
    """The way to the model that tailorbird.yaml names: masked, recorded, cached. None for 'none'."""
    generator = open_model(project, progress, confirm)
    return calls_of(project, generator) if generator is not None else None


def open_large_generator(
    project: "Project", progress: "Progress", confirm: Callable[[str], bool]
) -> "ModelCalls | None":
    """The way to the large model, whose lines bear the tag of their tier; None where the project has none."""
    if project.settings.large is None:
        return None
    if project.settings.large.adapter == "openai_compatible" and not project.settings.large.base_url:
        raise SetupError("tailorbird.yaml: large.base_url is missing; write the server's URL, ending in /v1")
    project = replace(project, settings=replace(project.settings, generator=project.settings.large))
    generator = open_model(project, progress, confirm)
    return calls_of(project, generator, tags={TIER_TAG: "large"}) if generator is not None else None


def calls_of(
    project: "Project",
    generator: "Generator",
    terms: "TermsSettings | None" = None,
    tags: "Mapping[str, str] | None" = None,
) -> "ModelCalls":
    """The way from the pipeline to any generator, by the project's rules of privacy; `terms` are those of its vendor,
    the generator's where they are not given. Lines of the generator bear `tags`."""
    from tailorbird.bootstrap.state import open_cache
    from tailorbird.bootstrap.system import open_clock
    from tailorbird.pipeline.model_calls import ModelCalls, VendorRules

    settings = project.settings
    knowledge = frozenset(f"item.{table}_{c}" for table, spec in project.knowledge.items() for c in spec.columns)
    rules = VendorRules(terms or settings.generator.terms, settings.privacy.model_regions, knowledge)
    return ModelCalls(generator, open_masker(project), open_cache(), open_exposures(project), open_clock(), rules, tags)


def open_masker(project: "Project") -> "Masker":
    """Masks what is personal in free text, by the project's rules; its own addresses pass."""
    from tailorbird.pipeline.exemplars import INVENTED_NAMES
    from tailorbird.stages.privacy.masking import Masker, MaskingRules

    settings, sender = project.settings, project.settings.sender
    own = (sender.name, sender.email, sender.reply_to or "", sender.postal_address, settings.brand, settings.base_url)
    allowed = (*settings.privacy.allowed, *own, *INVENTED_NAMES)
    countries = dict.fromkeys(locale.replace("_", "-").partition("-")[2].upper() for locale in settings.locales)
    regions = tuple(country for country in countries if len(country) == 2)
    return Masker(MaskingRules(allowed, settings.privacy.private, regions))


def open_exposures(project: "Project") -> "Exposures":
    """The records of model calls, audited."""
    from tailorbird.adapters.sql.exposures import SqlExposures
    from tailorbird.bootstrap.audit import audit_in, open_engine
    from tailorbird.pipeline.audited_exposures import AuditedExposures

    engine = open_engine(project)
    return AuditedExposures(SqlExposures(engine), audit_in(project, engine))


def open_model(project: "Project", progress: "Progress", confirm: Callable[[str], bool]) -> "Generator | None":
    """The adapter by itself, fetched and verified if it is local: for whoever gives it nothing of anybody's."""
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


def open_boosted_trees(seed: int = 0) -> "Regressor":
    """Boosted trees that predict outcomes. RegressorError: the extra `uplift` is not installed."""
    from tailorbird.adapters.sklearn.boosted_trees import BoostedTrees

    return BoostedTrees(seed)


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
