"""The audit log of a project."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tailorbird import bootstrap
from tailorbird.testing.state_conformance import example_decision


def test_what_a_state_s_stores_do_is_in_the_audit_log(wren: Any, tmp_path: Path) -> None:
    project = replace(wren, root=tmp_path)
    state = bootstrap.open_state(project)
    state.decisions.save([example_decision("ada")])
    state.suppressions.add("ada", "email", "asked", datetime(2026, 6, 1, tzinfo=UTC).isoformat())
    assert [row.kind for row in bootstrap.open_audit(project).rows("ada")] == ["decision", "suppression"]
    leaves = bootstrap.open_witness(project).leaves()
    assert leaves is not None and len(leaves) == 2
