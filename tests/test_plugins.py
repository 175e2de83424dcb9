"""Adapters that other packages register."""

from pathlib import Path

import pytest

from tailorbird.plugins import GROUPS, PluginError, find_plugin


def test_an_adapter_that_is_not_installed_is_told_with_what_there_is() -> None:
    with pytest.raises(
        PluginError, match=r"sender 'pigeon'.*built in \(files, smtp\).*plugins: none.*tailorbird\.senders"
    ):
        find_plugin("sender", "pigeon")


def test_a_registered_adapter_is_found_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    info = tmp_path / "pigeon-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: pigeon\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{GROUPS['sender']}]\npigeon = pathlib:Path\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert find_plugin("sender", "pigeon") is Path
