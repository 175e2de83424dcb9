from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from tailorbird.adapters.sql.erasures import SqlErasures
from tailorbird.types.person import Person

pytestmark = pytest.mark.slow

ADA = Person("ada", frozenset({"ada", "a2"}), addresses=frozenset({"ada@example.org"}))
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_an_erasure_is_pending_with_its_person_until_it_is_done(engine: sa.Engine) -> None:
    ledger = SqlErasures(engine)
    erasure = ledger.begin(ADA, "asked", NOON)
    assert ledger.begin(ADA, "asked again", NOON) == erasure
    ledger.finish_step(erasure, "rows", {"tb_outbox": 1})
    assert ledger.pending() == [(erasure, ADA, {"rows": {"tb_outbox": 1}})]
    ledger.forget_person(erasure)
    assert ledger.pending()[0][1] is None
    ledger.finish(erasure)
    assert ledger.pending() == []
