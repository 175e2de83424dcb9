"""The judge of entailment that a project names."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.pipeline.validation.calibrations import write_calibration
from tailorbird.pipeline.validation.entailment_check import EntailmentCheck
from tailorbird.project.project import Project, load_project
from tailorbird.stages.validation.prose import ProseCheck
from tailorbird.types.entailment import Calibration
from tailorbird.types.validation_settings import EntailmentSettings, ValidationSettings

pytestmark = pytest.mark.slow

WREN = Path(__file__).resolve().parents[2] / "examples" / "wren"


def project_with(root: Path, **entailment: Any) -> Project:
    project = load_project(WREN)
    settings = replace(project.settings, validation=ValidationSettings(EntailmentSettings(**entailment)))
    return replace(project, root=root, settings=settings)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAILORBIRD_CACHE", str(tmp_path / "cache"))


NAMED = {"adapter": "openai_compatible", "model": "m", "base_url": "http://127.0.0.1:9/v1"}


def test_no_judge_is_opened_where_none_is_named_and_prose_is_held_to_the_vocabulary(tmp_path: Path) -> None:
    project = project_with(tmp_path)
    assert bootstrap.open_entailment_check(project) is None
    assert any(isinstance(check, ProseCheck) for check in bootstrap.open_validator(project).own)


def test_a_judge_takes_the_place_of_the_closed_vocabulary_and_is_given_its_time(tmp_path: Path) -> None:
    project = project_with(tmp_path, **NAMED, timeout_seconds=7.5)
    validator = bootstrap.open_validator(project)
    assert not any(isinstance(check, ProseCheck) for check in validator.own)
    assert isinstance(validator.plugins[0], EntailmentCheck) and validator.timeout_s == 7.5


def test_the_calibration_of_the_project_is_the_checks(tmp_path: Path) -> None:
    project = project_with(tmp_path, **NAMED)
    kept = Calibration("m", 100, 0.9, {"entail": 0.8})
    write_calibration(project.state_dir, kept)
    check = bootstrap.open_entailment_check(project)
    assert check is not None and check.calibration == kept


@pytest.mark.parametrize(
    ("changed", "what"),
    [({"model": ""}, "model"), ({"base_url": ""}, "base_url"), ({"precision": 1.0}, "precision"), ({"api_key_env": "NOT_SET_HERE"}, "NOT_SET_HERE")],
)  # fmt: skip
def test_settings_that_lack_something_are_one_clear_error(tmp_path: Path, changed: dict[str, Any], what: str) -> None:
    with pytest.raises(bootstrap.SetupError, match=what):
        bootstrap.open_entailment(project_with(tmp_path, **{**NAMED, **changed}))


def test_a_projects_own_prompt_is_another_judge(tmp_path: Path) -> None:
    project = project_with(tmp_path, **NAMED)
    built_in = bootstrap.open_entailment(project)
    own = replace(project, prompts={**project.prompts, "entailment": replace(project.prompts["subject"], digest="own")})
    other = bootstrap.open_entailment(own)
    assert built_in is not None and other is not None and built_in.name != other.name
    assert "no instruction" in built_in.prompt.system
