"""Names that are nearly another name."""

from dataclasses import replace
from typing import Any

from tailorbird.pipeline.check_names import warn_of_misspellings
from tailorbird.types.guardrail import GuardrailSpec


def test_the_example_has_none(opened: Any) -> None:
    assert warn_of_misspellings(opened.project) == []


def test_a_near_miss_is_warned_of_with_its_place(opened: Any) -> None:
    first, *others = opened.project.features
    metric = replace(opened.campaign.metric, event="Order Complete")
    project = replace(
        opened.project,
        features=(replace(first, purpose="personalisation", event="order completed"), *others),
        campaigns={"win_back": replace(opened.campaign, metric=metric)},
    )
    assert warn_of_misspellings(project) == [
        f"feature {first.name}: event is 'order completed'; did you mean 'Order Completed'?",
        f"feature {first.name}: purpose is 'personalisation'; did you mean 'personalization'?",
        "campaign win_back: metric.event is 'Order Complete'; did you mean 'Order Completed'?",
    ]


def test_files_and_folders_that_nothing_reads_are_named(opened: Any, tmp_path: Any) -> None:
    (tmp_path / "features").mkdir()
    (tmp_path / "audience").mkdir()
    (tmp_path / "features" / "more.yml").write_text("")
    assert warn_of_misspellings(replace(opened.project, root=tmp_path)) == [
        "features/more.yml is not read; call it more.yaml",
        "the folder audience/ is not read; did you mean audiences/?",
    ]


def test_a_guardrail_that_would_never_see_its_event_is_warned_of(opened: Any) -> None:
    guardrail = GuardrailSpec("returns", "Order Refund")
    project = replace(opened.project, campaigns={"win_back": replace(opened.campaign, guardrails=(guardrail,))})
    assert warn_of_misspellings(project) == [
        "campaign win_back: guardrail returns: event is 'Order Refund'; did you mean 'Order Refunded'?"
    ]
