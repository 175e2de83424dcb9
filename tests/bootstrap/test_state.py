"""The keys and the caches of a project."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.adapters.sql.tables import SCHEMA_VERSION


@pytest.mark.slow
def test_keys_are_made_once_and_stay(wren: Any, tmp_path: Path) -> None:
    project = replace(wren, root=tmp_path)
    assert bootstrap.open_keys(project) == bootstrap.open_keys(project)
    assert (tmp_path / ".tailorbird" / "keys" / "dkim.pem").stat().st_mode & 0o077 == 0


def test_the_cache_of_another_version_is_never_in_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAILORBIRD_CACHE", str(tmp_path))
    others = [tmp_path / "drafts.db", tmp_path / f"drafts-{SCHEMA_VERSION + 1}.db"]
    for other in others:
        other.write_text("not for us")
    assert bootstrap.open_cache().get("k") is None
    assert [other.read_text() for other in others] == ["not for us"] * 2
