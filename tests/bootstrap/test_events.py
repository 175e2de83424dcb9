"""The event log of a project, and the warehouse over it."""

from typing import Any

import pytest

from tailorbird import bootstrap

pytestmark = pytest.mark.slow


def test_everybody_of_the_log_is_in_the_warehouse(wren: Any) -> None:
    events = bootstrap.open_events(wren)
    ((people,),) = events.rows("SELECT count(*) FROM people")
    ((with_events,),) = events.rows("SELECT count(DISTINCT person_id) FROM events WHERE person_id NOT LIKE 'anon:%'")
    assert people == with_events > 0
