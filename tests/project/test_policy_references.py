from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tailorbird.project.errors import ProjectError
from tailorbird.project.policy_references import check_policy_features
from tailorbird.project.project import load_project
from tailorbird.types.experiment import ExperimentSpec, VariantSpec
from tailorbird.types.policy_spec import PolicySpec

WREN = Path(__file__).parents[2] / "examples" / "wren"
PROJECT = load_project(WREN)
FILE = WREN / "campaigns" / "win_back.yaml"


def check(spec: PolicySpec, sensitive: bool = False, **changed: Any) -> None:
    campaign = replace(PROJECT.campaign("win_back"), policy=spec, **changed)
    check_policy_features(FILE, campaign, [replace(one, sensitive=sensitive) for one in PROJECT.features])


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        (PolicySpec(kind="cohorts"), "policy.cohort: is missing"),
        (PolicySpec(kind="linear"), "policy.features: is missing"),
        (
            PolicySpec(kind="cohorts", cohort="contry"),
            "no feature 'contry' is defined in features/; did you mean 'country'?",
        ),
        (
            PolicySpec(kind="linear", features=("orders_90d", "nope")),
            "policy.features.1: no feature 'nope' is defined",
        ),
    ],
)
def test_a_policy_that_cannot_have_what_it_asks_for_is_refused_before_a_run(spec: PolicySpec, told: str) -> None:
    with pytest.raises(ProjectError) as caught:
        check(spec)
    assert told in str(caught.value)


def test_what_is_there_is_taken_and_what_is_sensitive_is_not() -> None:
    for spec in (PolicySpec(kind="cohorts", cohort="country"), PolicySpec(kind="linear", features=("orders_90d",))):
        check(spec)
        with pytest.raises(ProjectError, match="is sensitive"):
            check(spec, sensitive=True)
    check(PolicySpec(), sensitive=True)


def test_the_policy_of_a_variant_is_looked_at_too() -> None:
    variants = {"a": VariantSpec(), "b": VariantSpec(policy=PolicySpec(kind="cohorts", cohort="nope"))}
    with pytest.raises(ProjectError, match=r"experiment\.variants\.b\.policy\.cohort"):
        check(PolicySpec(), experiment=ExperimentSpec(variants, "a"))
