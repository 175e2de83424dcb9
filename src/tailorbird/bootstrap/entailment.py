"""The judge of entailment that a project names, with what its labels say of it."""

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from tailorbird.bootstrap.models import calls_of
from tailorbird.bootstrap.settings import SetupError, secret

if TYPE_CHECKING:
    from tailorbird.pipeline.validation.entailment_check import EntailmentCheck
    from tailorbird.pipeline.validation.model_entailment import ModelEntailment
    from tailorbird.project.project import Project

PROMPT = "entailment"
"""A project's own prompt of this name is used in place of the one that comes with Tailorbird."""


def open_entailment(project: "Project") -> "ModelEntailment | None":
    """The judge; None where the project names none. SetupError: what its settings lack."""
    settings = project.settings.validation.entailment
    if settings.adapter == "none":
        return None
    from tailorbird.adapters.openai_compatible.generator import OpenAiCompatibleGenerator
    from tailorbird.pipeline.validation.model_entailment import ModelEntailment
    from tailorbird.project.prompts import read_prompt

    for name in ("base_url", "model"):
        if not getattr(settings, name):
            raise SetupError(f"tailorbird.yaml: validation.entailment.{name} is missing")
    if not 0.5 <= settings.precision <= 0.999:
        raise SetupError("tailorbird.yaml: validation.entailment.precision is a share from 0.5 to 0.999")
    generator = OpenAiCompatibleGenerator(
        settings.base_url,
        settings.model,
        secret(settings.api_key_env, "validation.entailment.api_key_env") if settings.api_key_env else "",
        timeout_seconds=settings.timeout_seconds,
        retries=2,
        prompt_token_micros=settings.prompt_token_micros,
        completion_token_micros=settings.completion_token_micros,
    )
    built_in = Path(str(files("tailorbird.project").joinpath("built_in_prompts", PROMPT, "v1.md")))
    prompt = project.prompts.get(PROMPT) or read_prompt(built_in)
    knowledge = (f"item.{table}_{c}" for table, spec in project.knowledge.items() for c in spec.columns)
    return ModelEntailment(calls_of(project, generator, settings.terms), prompt, ("item.name", *knowledge))


def open_entailment_check(project: "Project") -> "EntailmentCheck | None":
    """The judge as a check, with the project's calibration if there is one; None where no judge is named."""
    judge = open_entailment(project)
    if judge is None:
        return None
    from tailorbird.pipeline.validation.calibrations import read_calibration
    from tailorbird.pipeline.validation.entailment_check import EntailmentCheck

    return EntailmentCheck(judge, read_calibration(project.state_dir))
