"""The stores of one state database."""

from dataclasses import fields
from typing import Any

from tailorbird.pipeline.state import State


def test_a_state_has_every_role_once_and_cannot_be_changed(empty_state: Any) -> None:
    names = [field.name for field in fields(State)]
    assert names == ["ledger", "creatives", "decisions", "outbox", "suppressions", "posteriors", "traces"]
    assert len({id(getattr(empty_state, name)) for name in names}) == len(names)
