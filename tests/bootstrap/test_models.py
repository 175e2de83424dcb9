"""The model that a project names."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.adapters.models.manifest import model_path
from tailorbird.cli.terminal import Quiet
from tailorbird.plugins import PluginError
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.settings import GeneratorSettings


@pytest.mark.slow
def test_a_key_is_sent_only_where_a_variable_is_named_and_it_must_be_set(
    wren: Any, changed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-somebody")
    plain = changed(wren, "generator", adapter="openai_compatible", base_url="http://models.example/v1")
    opened = bootstrap.open_generator(plain, Quiet(), lambda text: False)  # no key, so plain http is fine
    assert opened is not None
    opened.close()
    named = changed(
        wren, "generator", adapter="openai_compatible", base_url="https://models.example/v1", api_key_env="NO_SUCH_KEY"
    )
    with pytest.raises(bootstrap.SetupError, match="NO_SUCH_KEY, which is not set"):
        bootstrap.open_generator(named, Quiet(), lambda text: False)


def test_a_generator_of_none_opens_nothing(wren: Any, changed: Any) -> None:
    project = changed(wren, "generator", adapter="none")
    assert bootstrap.open_generator(project, Quiet(), lambda text: False) is None


def test_a_server_without_an_address_is_one_clear_error(wren: Any, changed: Any) -> None:
    project = changed(wren, "generator", adapter="openai_compatible")
    with pytest.raises(bootstrap.SetupError, match=r"generator\.base_url"):
        bootstrap.open_generator(project, Quiet(), lambda text: False)


@pytest.mark.parametrize(("section", "opened"), [("generator", "open_generator"), ("delivery", "open_sender")])
def test_an_adapter_that_nobody_wrote_is_one_clear_error(wren: Any, changed: Any, section: str, opened: str) -> None:
    arguments = (Quiet(), lambda text: False) if section == "generator" else ()
    with pytest.raises(PluginError, match=r"'owl'.*built in"):
        getattr(bootstrap, opened)(changed(wren, section, adapter="owl"), *arguments)


def test_a_model_gets_at_least_one_core() -> None:
    assert bootstrap.idle_cores() >= 1


def test_a_corrupt_model_file_is_never_loaded(wren: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAILORBIRD_CACHE", str(tmp_path))
    path = model_path(wren.settings.generator.model, tmp_path)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"GGUF" + b"\0" * 1000)
    with pytest.raises(TailorbirdError) as caught:
        bootstrap.open_generator(wren, Quiet(), lambda text: False)
    assert len(str(caught.value).splitlines()) == 1


def test_the_large_model_is_opened_by_its_own_settings_and_its_lines_bear_their_tier(wren: Any) -> None:
    large = GeneratorSettings(adapter="openai_compatible", base_url="http://models.example/v1", model="big")
    project = replace(wren, settings=replace(wren.settings, large=large))
    opened = bootstrap.open_large_generator(project, Quiet(), lambda text: False)
    assert opened is not None
    assert (opened.card().name, dict(opened.tags)) == ("big", {"tier": "large"})
    opened.close()
    assert bootstrap.open_large_generator(wren, Quiet(), lambda text: False) is None
    nowhere = replace(wren, settings=replace(wren.settings, large=replace(large, base_url=None)))
    with pytest.raises(bootstrap.SetupError, match=r"large\.base_url"):
        bootstrap.open_large_generator(nowhere, Quiet(), lambda text: False)
