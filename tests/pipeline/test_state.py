"""The stores of one state database."""

from dataclasses import FrozenInstanceError
from typing import Any

import pytest

from tailorbird.testing.state_conformance import example_message

pytestmark = pytest.mark.slow


def test_what_the_outbox_queues_the_index_finds(empty_state: Any) -> None:
    empty_state.outbox.queue([example_message("ana")])
    assert empty_state.messages.find("m_ana").state == "queued"


def test_no_step_can_change_which_store_plays_a_role(empty_state: Any) -> None:
    with pytest.raises(FrozenInstanceError):
        empty_state.outbox = None
