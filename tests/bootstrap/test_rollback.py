from typing import Any

import pytest

from tailorbird import bootstrap

pytestmark = pytest.mark.slow


def test_what_halts_campaigns_acts_under_the_login_of_its_process(ran: Any) -> None:
    state = bootstrap.open_state(ran.project)
    rollback = bootstrap.open_rollback(ran.project, state)
    assert rollback.actor == bootstrap.login() and rollback.state is state


def test_what_hears_complaints_shares_the_project_s_stores(ran: Any) -> None:
    state = bootstrap.open_state(ran.project)
    hearing = bootstrap.open_feedback(state)
    assert hearing.suppressions is state.suppressions and hearing.feedback is state.feedback
