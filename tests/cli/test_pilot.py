from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

pytestmark = pytest.mark.slow


def test_a_pilot_is_written_finished_checked_and_signed(tailorbird: Callable[..., Any], ran: Any) -> None:
    assert "no pilots" in tailorbird("pilot", "status", ran.root).out
    assert "written" in tailorbird("pilot", "new", "begin", ran.root, "win_back").out
    assert "is there already" in tailorbird("pilot", "new", "begin", ran.root, "win_back").error
    open_items = tailorbird("pilot", "check", "begin", ran.root)
    assert open_items.code == 3 and "MISSING roles" in open_items.out
    assert "pilot begin holds campaign win_back" in tailorbird("run", ran.root, "win_back", "--no-model").error

    path = ran.root / "pilots" / "begin.yaml"
    today = date.today()  # noqa: DTZ011
    text = path.read_text().replace(str(today + timedelta(days=7)), str(today - timedelta(days=1)))
    text = text.replace("reviewer: []", "reviewer: [ben]").replace("on_call: []", "on_call: [tom]")
    text = text.replace("rollback: ''", "rollback: Tom halts it with tailorbird rollback halt.")
    path.write_text(text)
    assert tailorbird("pilot", "check", "begin", ran.root, "--json").json["held"]
    assert "first_look was due" in tailorbird("run", ran.root, "win_back", "--no-model").error
    owner = ran.campaign.owners[0]
    assert "does not sign" in tailorbird("pilot", "sign", "begin", "first_look", ran.root, "--by", "eve").error
    assert "it is complete" in tailorbird("pilot", "sign", "begin", "first_look", ran.root, "--by", owner).out
    (told,) = tailorbird("pilot", "status", "begin", ran.root, "--json").json["pilots"]
    assert told["in_force"] and not told["held"] and not told["complete"]
    assert told["signatures"][0]["by"] == owner
    second = tailorbird("run", ran.root, "win_back", "--no-model", "--step", "2", "--json")
    assert second.code == 0
    audience = second.json["steps"]["audience"]
    assert audience["excluded"]["pilot"] > audience["treated"] > 0
    assert "left out: pilot" in tailorbird("plan", ran.root, "win_back", "--step", "3").out
