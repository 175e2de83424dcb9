"""One person's rows; and that no table can be forgotten."""

import pytest
import sqlalchemy as sa

from tailorbird.adapters.sql.outbox import SqlOutbox
from tailorbird.adapters.sql.personal import LINKED, NOBODY, PERSON_COLUMNS, TOLD, PersonalRows
from tailorbird.adapters.sql.run_ledger import SqlRunLedger
from tailorbird.adapters.sql.tables import metadata
from tailorbird.testing.state_conformance import example_message
from tailorbird.types.person import Person


def test_every_table_is_about_people_or_said_to_be_about_nobody() -> None:
    for name, table in metadata.tables.items():
        personal = bool(PERSON_COLUMNS & {column.name for column in table.columns}) or name in LINKED
        assert personal + (name in NOBODY or name in TOLD) == 1, f"say in personal.py what {name} holds of people"


@pytest.mark.slow
def test_one_person_s_rows_are_read_and_deleted_and_nobody_else_s(engine: sa.Engine) -> None:
    outbox, ledger, rows = SqlOutbox(engine), SqlRunLedger(engine), PersonalRows(engine)
    outbox.queue([example_message("ada-1"), example_message("bob-1")])
    ledger.begin("r1", "win_back", "1", "now")
    ledger.finish_step("r1", "stitch", {"unbuilt": {"no address for ada-1": 1}})
    ada = Person("ada-1", frozenset({"ada-1"}))
    assert list(rows.read(ada)) == ["tb_outbox"]
    assert rows.delete(ada) == {"tb_outbox": 1, "tb_run_steps": 1}
    assert rows.read(ada) == {} and outbox.find("m_bob-1") is not None
    assert "ada-1" not in repr(ledger.runs())
    rows.compact()
