from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.types.halt import Halt

pytestmark = pytest.mark.slow


def test_a_halt_and_its_end_are_told_to_the_audit_log_first(sent: Any) -> None:
    halts, at = sent.state.halts, sent.now.isoformat()
    assert halts.halt(Halt("", "win_back", "person", at, "wrong price", "i_1"))
    assert halts.release("win_back", at, "ben")
    audit = bootstrap.open_audit(sent.rollback.project)
    rows = [row for row in audit.rows() if row.kind.startswith("campaign ")]
    assert [row.kind for row in rows] == ["campaign halted", "campaign released"]
    assert audit.read(rows[0])["reason"] == "wrong price" and audit.read(rows[1])["by"] == "ben"
    assert halts.active("win_back") is None and [h.released_by for h in halts.history()] == ["ben"]
