"""Names that are nearly another name."""

from dataclasses import replace
from typing import Any

from tailorbird.pipeline.check_names import warn_of_misspellings


def test_the_example_has_none(opened: Any) -> None:
    assert warn_of_misspellings(opened.project) == []


def test_a_near_miss_is_warned_of_with_its_place(opened: Any) -> None:
    first, *others = opened.project.features
    project = replace(
        opened.project,
        features=(replace(first, purpose="personalisation", event="order completed"), *others),
    )
    assert warn_of_misspellings(project) == [
        f"feature {first.name}: event is 'order completed'; did you mean 'Order Completed'?",
        f"feature {first.name}: purpose is 'personalisation'; did you mean 'personalization'?",
    ]


def test_files_and_folders_that_nothing_reads_are_named(opened: Any, tmp_path: Any) -> None:
    (tmp_path / "features").mkdir()
    (tmp_path / "audience").mkdir()
    (tmp_path / "features" / "more.yml").write_text("")
    assert warn_of_misspellings(replace(opened.project, root=tmp_path)) == [
        "features/more.yml is not read; call it more.yaml",
        "the folder audience/ is not read; did you mean audiences/?",
    ]
