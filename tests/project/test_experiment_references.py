"""Experiments in project files."""

from typing import Any

import pytest

from tailorbird.project.project import load_project

GOOD = """experiment:
  layer: mail
  strata: [orders]
  control: plain
  variants:
    plain: {}
    warm: {weight: 2, lines: {tone: warm}}
"""
LAYER = "experiments:\n  global_holdout: 0.05\n  layers:\n    mail: {shares: {hello: 0.5}}\n"


def write(folder: Any, experiment: str, settings: str = LAYER) -> None:
    for file, text in (("campaigns/hello.yaml", experiment), ("tailorbird.yaml", settings)):
        folder.write(file, (folder.root / file).read_text() + text)


def test_an_experiment_with_its_layer_is_read(folder: Any) -> None:
    write(folder, GOOD)
    project = load_project(folder.root)
    experiment = project.campaign("hello").experiment
    assert experiment is not None and list(experiment.variants) == ["plain", "warm"]
    assert project.settings.experiments.layers["mail"].shares == {"hello": 0.5}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("before", "after", "field", "told"),
    [
        ("    warm: {weight: 2, lines: {tone: warm}}\n", "", "experiment.variants", "one variant alone"),
        ("control: plain", "control: plane", "experiment.control", "did you mean 'plain'"),
        ("  control: plain\n", "", "experiment.control", "say which variant"),
        ("    warm:", "    holdout:", "experiment.variants.holdout", "neither 'holdout'"),
        ("weight: 2", "weight: 0", "experiment.variants.warm.weight", "has no people"),
        ("weight: 2", "weight: .nan", "experiment.variants.warm.weight", "finite number"),
        ("weight: 2", "policy: {floor: 2}", "experiment.variants.warm.policy.floor", "from 0 to 1"),
        ("weight: 2", "items: {slots: 0}", "experiment.variants.warm.items.slots", "at least one item"),
        ("weight: 2", "items: {slots: 20}", "experiment.variants.warm.items.candidates", "at least items.slots"),
        ("weight: 2", "items: {source: basket}", "experiment.variants.warm.items.source", "basket_item"),
        ("[orders]", "[order]", "experiment.strata.0", "did you mean 'orders'"),
        ("layer: mail", "layer: male", "experiment.layer", "no layer 'male'"),
    ],
)
def test_what_cannot_be_compared_is_refused_with_its_place(
    folder: Any, before: str, after: str, field: str, told: str
) -> None:
    assert before in GOOD
    write(folder, GOOD.replace(before, after))
    error = folder.error()
    assert error.field == field
    assert told in error.message
    assert error.file.endswith("campaigns/hello.yaml") and error.line > 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("shares", "field", "told"),
    [
        ("{hello: 0.5, gone: 0.6}", "experiments.layers.mail.shares", "add up to 1.1"),
        ("{hello: 0}", "experiments.layers.mail.shares.hello", "0.0001 to 1"),
    ],
)
def test_a_layer_has_one_whole_at_most(folder: Any, shares: str, field: str, told: str) -> None:
    write(folder, GOOD, LAYER.replace("{hello: 0.5}", shares))
    error = folder.error()
    assert error.field == field and told in error.message and error.file.endswith("tailorbird.yaml")


def test_a_campaign_and_its_layer_know_each_other(folder: Any) -> None:
    write(folder, GOOD, LAYER.replace("hello", "gone"))
    assert "has no share for 'hello'" in folder.error().message


def test_a_layer_with_a_campaign_that_does_not_say_so_is_refused(folder: Any) -> None:
    write(folder, GOOD.replace("  layer: mail\n", ""))
    error = folder.error()
    assert error.field == "experiments.layers.mail.shares.hello" and "is not in this layer" in error.message


def test_the_holdout_of_all_campaigns_is_half_of_everybody_at_most(folder: Any) -> None:
    write(folder, GOOD, LAYER.replace("0.05", "0.6"))
    assert folder.error().field == "experiments.global_holdout"


@pytest.mark.parametrize(("key", "value"), [("value", "total; DROP"), ("margin", "1.5")])
def test_what_all_messages_are_read_for_is_a_path_and_a_share(folder: Any, key: str, value: str) -> None:
    write(folder, GOOD, LAYER + f"  outcome:\n    {key}: {value}\n")
    error = folder.error()
    assert error.field == f"experiments.outcome.{key}" and error.file.endswith("tailorbird.yaml") and error.line


def test_a_layer_in_a_project_without_any_is_told_where_to_add_it(folder: Any) -> None:
    write(folder, "experiment: {layer: mail}\n", "")
    error = folder.error()
    assert error.field == "experiment.layer" and "add experiments.layers.mail.shares there" in error.message


def test_a_layer_alone_needs_no_variants(folder: Any) -> None:
    write(folder, "experiment: {layer: mail}\n")
    assert load_project(folder.root).campaign("hello").experiment is not None
