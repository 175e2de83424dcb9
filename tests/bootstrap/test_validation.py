"""The validator as it is opened."""

from datetime import UTC, datetime

import pytest

from tailorbird import bootstrap, plugins
from tailorbird.bootstrap.validation import read_as_of
from tailorbird.stages.facts.given import Given, Unusable
from tailorbird.types.fact import Facts
from tailorbird.types.policy import Policy


class Point:
    """An installed package's entry point."""

    name, value = "words", "pack:words"

    def load(self) -> object:
        raise ImportError("no module pack")


def test_a_validator_opens_with_our_own_checks_and_judges() -> None:
    assert bootstrap.open_validator()("", Facts(), Policy(), "en").status == "block"


def test_an_installed_check_that_cannot_be_loaded_is_an_error_that_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugins, "entry_points", lambda group: [Point()])
    with pytest.raises(
        plugins.PluginError, match=r"'words' .pack:words. cannot be loaded: ImportError: no module pack"
    ):
        bootstrap.open_validator()


def test_facts_are_read_as_of_the_moment_that_they_name_or_as_of_now() -> None:
    now, then = datetime(2026, 11, 26, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
    assert read_as_of(Facts(), now).facts.as_of == now
    assert read_as_of(Given(Facts(as_of=then), (Unusable("x", "is null"),)), now) == Given(
        Facts(as_of=then), (Unusable("x", "is null"),)
    )
