"""Tiers in project files."""

from typing import Any

import pytest

from tailorbird.project.project import load_project

VARIANTS = "experiment:\n  control: a\n  variants:\n    a: {tier: template}\n    b: {tier: large}\n"


def write(folder: Any, file: str, text: str) -> None:
    folder.write(file, (folder.root / file).read_text() + text)


def test_tiers_and_a_large_model_are_read(folder: Any) -> None:
    write(folder, "campaigns/hello.yaml", "tiers: {message_micros: 1000, budget: 20, otherwise: large}\n" + VARIANTS)
    write(
        folder,
        "tailorbird.yaml",
        "large: {adapter: openai_compatible, model: big, base_url: 'http://127.0.0.1:1/v1'}\n",
    )
    project = load_project(folder.root)
    tiers, large = project.campaign("hello").tiers, project.settings.large
    assert tiers is not None and large is not None
    assert (tiers.budget, large.model) == (20, "big")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "field", "told"),
    [
        ("tiers: {budget: -1}\n", "tiers.budget", "must be from 0"),
        ("tiers: {message_micros: -1}\n", "tiers.message_micros", "it is a price"),
        ("tiers: {otherwise: large}\n", "tiers.otherwise", "has no large model"),
        (VARIANTS, "experiment.variants.b.tier", "has no large model"),
    ],
)
def test_what_cannot_be_is_told_with_its_field(folder: Any, text: str, field: str, told: str) -> None:
    write(folder, "campaigns/hello.yaml", text)
    error = folder.error()
    assert error.field == field
    assert told in error.message
    assert error.line


def test_the_large_models_numbers_have_the_generators_ranges(folder: Any) -> None:
    write(folder, "tailorbird.yaml", "large: {model: big, threads: -1}\n")
    assert folder.error().field == "large.threads"
