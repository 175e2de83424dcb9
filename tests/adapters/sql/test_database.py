import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from tailorbird.adapters.sql.database import DatabaseError, insert_new, open_database, open_file
from tailorbird.adapters.sql.tables import SCHEMA_VERSION, schema_version, suppressions


def row(person: str) -> dict[str, str]:
    return {"person_id": person, "channel": "email", "reason": "", "at": ""}


@pytest.mark.slow
def test_inserting_what_is_there_already_counts_as_nothing_new(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        assert insert_new(connection, suppressions, [row("ana"), row("ben")]) == 2
        assert insert_new(connection, suppressions, [row("ana"), row("cleo")]) == 1
        assert insert_new(connection, suppressions, []) == 0


@pytest.mark.slow
def test_writers_that_read_first_wait_for_each_other_instead_of_failing(engine: sa.Engine) -> None:
    def work(name: str) -> None:
        for i in range(20):
            with engine.begin() as connection:
                connection.execute(sa.select(sa.func.count()).select_from(suppressions)).scalar_one()
                insert_new(connection, suppressions, [row(f"{name}{i}")])

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with engine.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(suppressions)).scalar_one() == 80


def test_a_file_that_is_no_database_is_refused_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    path.write_text("not a database, but long enough to have a header of its own" * 30)
    with pytest.raises(DatabaseError, match=r"state\.db"):
        open_file(path)


def test_a_url_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatabaseError, match="no database URL"):
        open_database("state.db")


def test_a_database_of_another_schema_is_refused(tmp_path: Path) -> None:
    engine = open_file(tmp_path / "state.db")
    with engine.begin() as connection:
        connection.execute(sa.update(schema_version).values(version=SCHEMA_VERSION + 1))
        connection.execute(sa.text("DROP TABLE tb_traces"))
    with pytest.raises(
        DatabaseError, match=r"schema \d+, this version .* knows \d+; go on with the version that made it"
    ):
        open_file(tmp_path / "state.db")
    assert not sa.inspect(engine).has_table("tb_traces"), "nothing was made in it"


@pytest.mark.parametrize("url", ["postgresql+nodriver://ana:s3cr@t@db/x", "postgresql+psycopg://ana:s3cr@t@db:port/x"])
def test_no_error_shows_the_password(url: str) -> None:
    with pytest.raises(DatabaseError) as caught:
        open_database(url)
    assert "s3cr" not in str(caught.value)
