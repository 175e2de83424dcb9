import pytest
import sqlalchemy as sa

from tailorbird.adapters.sql.erased import Erased
from tailorbird.adapters.sql.outbox import SqlOutbox
from tailorbird.adapters.sql.tables import erased
from tailorbird.testing.state_conformance import example_message

pytestmark = pytest.mark.slow


def test_the_erased_are_known_again_by_those_who_have_the_key_alone(engine: sa.Engine) -> None:
    Erased(engine, b"k" * 32).add(["ada", "ada", "bob"])
    assert Erased(engine, b"k" * 32).among(["ada", "eve"]) == {"ada"}
    assert Erased(engine, b"x" * 32).among(["ada"]) == frozenset()
    with engine.connect() as connection:
        assert "ada" not in repr(connection.execute(sa.select(erased)).all())


def test_rows_about_the_erased_are_not_written(engine: sa.Engine) -> None:
    gone = Erased(engine, b"k" * 32)
    gone.add(["ada"])
    outbox = SqlOutbox(engine, gone)
    assert outbox.queue([example_message("ada"), example_message("bob")]) == 1
    assert outbox.find("m_ada") is None


def test_a_database_belongs_to_the_key_that_used_it_first(engine: sa.Engine) -> None:
    first, other = Erased(engine, b"k" * 32), Erased(engine, b"x" * 32)
    assert first.is_ours() and first.is_ours() and not other.is_ours()
    with engine.connect() as connection:
        assert not first.anybody(connection), "the mark of the key is nobody"
    first.add(["ada"])
    assert first.among(["ada"]) == {"ada"}
    assert first.is_ours() and not other.is_ours()
