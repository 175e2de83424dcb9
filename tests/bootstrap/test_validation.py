"""The validator as it is opened."""

import pytest

from tailorbird import bootstrap, plugins
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
