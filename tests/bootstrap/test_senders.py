"""The sender that a project names."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.ports.sender import SenderError


def test_a_password_comes_from_the_environment_only(wren: Any, changed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
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
