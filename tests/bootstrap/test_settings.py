"""What the environment says."""

from pathlib import Path

import pytest

from tailorbird import bootstrap


def test_the_cache_is_where_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAILORBIRD_CACHE", "/a")
    assert bootstrap.cache_dir() == Path("/a")
    monkeypatch.delenv("TAILORBIRD_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "/b")
    assert bootstrap.cache_dir() == Path("/b/tailorbird")
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert bootstrap.cache_dir().parts[-2:] == (".cache", "tailorbird")


def test_a_source_may_name_a_variable_which_must_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TB_DATA", "/data")
    assert bootstrap.expand("${TB_DATA}/a.csv") == "/data/a.csv"
    monkeypatch.delenv("TB_DATA")
    with pytest.raises(bootstrap.SetupError, match="TB_DATA is not set"):
        bootstrap.expand("${TB_DATA}/a.csv")
