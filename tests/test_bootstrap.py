"""The composition root."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.adapters.models.manifest import model_path
from tailorbird.adapters.sql.tables import SCHEMA_VERSION
from tailorbird.cli.terminal import Quiet
from tailorbird.plugins import PluginError
from tailorbird.ports.sender import SenderError
from tailorbird.types.errors import TailorbirdError


@pytest.fixture(scope="module")
def wren(filled: Path) -> Any:
    from tailorbird.project.project import load_project

    return load_project(filled)


def changed(project: Any, section: str, **values: Any) -> Any:
    settings = project.settings
    return replace(project, settings=replace(settings, **{section: replace(getattr(settings, section), **values)}))


def test_the_cache_is_where_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAILORBIRD_CACHE", "/a")
    assert bootstrap.cache_dir() == Path("/a")
    monkeypatch.delenv("TAILORBIRD_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "/b")
    assert bootstrap.cache_dir() == Path("/b/tailorbird")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert bootstrap.cache_dir().parts[-2:] == (".cache", "tailorbird")


def test_keys_are_made_once_and_stay(wren: Any, tmp_path: Path) -> None:
    project = replace(wren, root=tmp_path)
    assert bootstrap.open_keys(project) == bootstrap.open_keys(project)
    assert (tmp_path / ".tailorbird" / "keys" / "dkim.pem").stat().st_mode & 0o077 == 0


def test_a_key_is_sent_only_where_a_variable_is_named_and_it_must_be_set(
    wren: Any, monkeypatch: pytest.MonkeyPatch
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


def test_a_generator_of_none_opens_nothing(wren: Any) -> None:
    project = changed(wren, "generator", adapter="none")
    assert bootstrap.open_generator(project, Quiet(), lambda text: False) is None


def test_a_server_without_an_address_is_one_clear_error(wren: Any) -> None:
    project = changed(wren, "generator", adapter="openai_compatible")
    with pytest.raises(bootstrap.SetupError, match=r"generator\.base_url"):
        bootstrap.open_generator(project, Quiet(), lambda text: False)


@pytest.mark.parametrize(("section", "opened"), [("generator", "open_generator"), ("delivery", "open_sender")])
def test_an_adapter_that_nobody_wrote_is_one_clear_error(wren: Any, section: str, opened: str) -> None:
    arguments = (Quiet(), lambda text: False) if section == "generator" else ()
    with pytest.raises(PluginError, match=r"'owl'.*built in"):
        getattr(bootstrap, opened)(changed(wren, section, adapter="owl"), *arguments)


def test_a_password_comes_from_the_environment_only(wren: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    project = changed(wren, "delivery", adapter="smtp", username="a", password_env="RELAY_PASSWORD")
    with pytest.raises(bootstrap.SetupError, match="RELAY_PASSWORD, which is not set"):
        bootstrap.open_sender(project)
    monkeypatch.setenv("RELAY_PASSWORD", "x")
    bootstrap.open_sender(project).close()


def test_an_outbox_folder_is_opened_or_the_reason_told(wren: Any, tmp_path: Path) -> None:
    bootstrap.open_sender(replace(wren, root=tmp_path)).close()
    (tmp_path / "b").write_text("a file in the folder's place")
    with pytest.raises(SenderError, match="cannot be made"):
        bootstrap.open_sender(replace(wren, root=tmp_path / "b"))


def test_a_source_may_name_a_variable_which_must_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TB_DATA", "/data")
    assert bootstrap.expand("${TB_DATA}/a.csv") == "/data/a.csv"
    monkeypatch.delenv("TB_DATA")
    with pytest.raises(bootstrap.SetupError, match="TB_DATA is not set"):
        bootstrap.expand("${TB_DATA}/a.csv")


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


def test_the_cache_of_another_version_is_never_in_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAILORBIRD_CACHE", str(tmp_path))
    others = [tmp_path / "drafts.db", tmp_path / f"drafts-{SCHEMA_VERSION + 1}.db"]
    for other in others:
        other.write_text("not for us")
    assert bootstrap.open_cache().get("k") is None
    assert [other.read_text() for other in others] == ["not for us"] * 2
