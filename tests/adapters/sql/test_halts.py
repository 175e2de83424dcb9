import threading

import pytest
import sqlalchemy as sa

from tailorbird.adapters.sql.halts import SqlHalts
from tailorbird.types.halt import Halt

pytestmark = pytest.mark.slow

ONE = Halt("", "winback", "trigger", "2026-06-01T09:00:00+00:00", "complaints", "i_1")


def test_a_campaign_is_halted_once_until_it_is_released(engine: sa.Engine) -> None:
    halts = SqlHalts(engine)
    assert halts.active("winback") is None
    assert halts.halt(ONE) and not halts.halt(ONE)
    found = halts.active("winback")
    assert found is not None and (found.reason, found.incident_id) == ("complaints", "i_1")
    assert halts.active("other") is None
    assert halts.release("winback", "2026-06-02T09:00:00+00:00", "ben")
    assert not halts.release("winback", "2026-06-02T09:00:00+00:00", "ben")
    assert halts.halt(ONE)
    assert [one.released_by for one in halts.history("winback")] == ["ben", ""] or len(halts.history()) == 2


def test_of_many_at_once_one_halts(engine: sa.Engine) -> None:
    halts, made = SqlHalts(engine), list[bool]()
    threads = [threading.Thread(target=lambda: made.append(halts.halt(ONE))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(made) == 1 and len(halts.history()) == 1
