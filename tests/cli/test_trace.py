"""Tracing a message on the command line."""

from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow


def test_the_lineage_of_a_message_on_disk_is_shown(tailorbird: Any, ran_root: Path, eml: Path) -> None:
    name = message_from_bytes(eml.read_bytes())["X-Tailorbird-Message"]
    said = tailorbird("trace", name, ran_root, "--json").json
    assert {"consent", "features", "brief", "copy", "decision", "message", "receipt", "outcome"} <= set(said)
    assert said["message"]["idempotency_key"] == eml.stem
    shown = tailorbird("trace", name, ran_root)
    assert shown.code == 0
    for stage in said:
        assert f"{stage}\n" in shown.out


def test_an_unknown_message_is_one_clear_error(tailorbird: Any, ran_root: Path) -> None:
    assert "no message 'm_0'" in tailorbird("trace", "m_0", ran_root).error
