"""The audit log of a project."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.testing.state_conformance import example_decision


@pytest.mark.slow
def test_what_a_state_s_stores_do_is_in_the_audit_log(wren: Any, tmp_path: Path) -> None:
    project = replace(wren, root=tmp_path)
    state = bootstrap.open_state(project)
    state.decisions.save([example_decision("ada")])
    state.suppressions.add("ada", "email", "asked", datetime(2026, 6, 1, tzinfo=UTC).isoformat())
    assert [row.kind for row in bootstrap.open_audit(project).rows("ada")] == ["decision", "suppression"]
    leaves = bootstrap.open_witness(project).leaves()
    assert leaves is not None and len(leaves) == 2


def test_a_second_machine_without_the_keys_is_told_to_copy_them(wren: Any, tmp_path: Path) -> None:
    shared = replace(wren.settings, state=f"sqlite:///{tmp_path / 'shared.db'}")
    first, second = (replace(wren, root=tmp_path / name, settings=shared) for name in ("first", "second"))
    bootstrap.open_state(first)
    with pytest.raises(bootstrap.SetupError, match=r"copy the folder .*second/.tailorbird/keys"):
        bootstrap.open_state(second)
    with pytest.raises(bootstrap.SetupError, match="stay so"):
        bootstrap.was_erased(second, "ada")
    shutil.rmtree(tmp_path / "second" / ".tailorbird" / "keys")
    shutil.copytree(tmp_path / "first" / ".tailorbird" / "keys", tmp_path / "second" / ".tailorbird" / "keys")
    bootstrap.open_state(second)


def test_a_project_with_a_state_of_its_own_may_lose_its_keys(wren: Any, tmp_path: Path) -> None:
    project = replace(wren, root=tmp_path)
    bootstrap.open_state(project)
    (tmp_path / ".tailorbird" / "keys" / "erased.key").unlink()
    bootstrap.open_state(project)
