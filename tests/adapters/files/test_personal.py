import gzip
from pathlib import Path

import duckdb
import pytest

from tailorbird.adapters.files.personal import erase_from_files, find_person, line_test
from tailorbird.types.person import Person

ADA = Person("17", frozenset({"17"}), addresses=frozenset({"ada@example.org"}), traces=frozenset({"key-of-ada"}))


@pytest.mark.slow
def test_lines_rows_and_pages_with_the_person_go_and_the_others_stay(tmp_path: Path) -> None:
    (tmp_path / "q").mkdir()
    (tmp_path / "q" / "a.jsonl").write_text('{"id": 17}\n{"id": 170}\n{"to": "ADA@example.org"}\n')
    with gzip.open(tmp_path / "b.csv.gz", "wt") as file:
        file.write("id,n\n17,1\n18,17000\n")
    (tmp_path / "page.html").write_text("ada@example.org")
    (tmp_path / "key-of-ada.eml").write_text("To: x")
    (tmp_path / "other.eml").write_text("To: y")
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "page.html").write_text("ada@example.org")
    people = tmp_path / "p.parquet"
    duckdb.sql(f"COPY (SELECT unnest(['17', '18']) AS person_id) TO '{people}'")
    assert len(erase_from_files(tmp_path, ADA, ["kept"])) == 5
    assert (tmp_path / "q" / "a.jsonl").read_text() == '{"id": 170}\n'
    assert gzip.decompress((tmp_path / "b.csv.gz").read_bytes()) == b"id,n\n18,17000\n"
    with duckdb.connect() as connection:
        assert connection.execute("FROM read_parquet($f)", {"f": str(people)}).fetchall() == [("18",)]
    left = sorted(path.name for path in tmp_path.rglob("*") if path.is_file())
    assert left == ["a.jsonl", "b.csv.gz", "other.eml", "p.parquet", "page.html"]
    assert erase_from_files(tmp_path, ADA, ["kept"]) == []


def test_input_files_are_only_named(tmp_path: Path) -> None:
    ours, other = tmp_path / "a.csv", tmp_path / "b.csv"
    ours.write_text("17,x\n")
    other.write_text("18,x\n")
    assert find_person([ours, other, tmp_path / "gone.csv"], ADA) == [ours]


def test_a_short_id_counts_only_as_a_whole_value() -> None:
    is_mine = line_test(ADA)
    assert is_mine(b'{"a": [{"b": "17"}]}') and is_mine(b"x;17;y")
    assert not is_mine(b'{"a": "at 17:00"}') and not is_mine(b"170,1717")


def test_a_name_inside_a_longer_one_or_a_hash_is_somebody_else_s() -> None:
    is_mine = line_test(
        Person("c00429", addresses=frozenset({"ana@shop.example"}), phones=frozenset({"+442079460321"}))
    )
    for line in (
        b'{"id": "c00429"}',
        b"x;C00429;y",
        b"anon:c00429",
        b'"hello\\nana@shop.example"',
        b'"\\u00e4ana@shop.example"',
        b"to=%20ana@shop.example",
        b"=0AAna@Shop.example, and others",
        b"tel:+442079460321",
        b"m_c00429-1",
    ):
        assert is_mine(line), line
    for line in (
        b'"0c55a5fb3814ff3ac00429f0"',
        b"c004291",
        b"joana@shop.example",
        b"ana@shop.example2",
        b"+4420794603210",
    ):
        assert not is_mine(line), line


def test_rows_of_others_stay_in_a_file_that_has_a_column_name(tmp_path: Path) -> None:
    path = tmp_path / "people.parquet"
    rows = "(VALUES ('p_0123456789', 'Kettle'), ('p_9876543210', 'Tray')) AS t (person_id, name)"
    duckdb.execute(f"COPY (FROM {rows}) TO '{path}'")
    assert find_person([path], Person("nobody-here")) == []
    assert erase_from_files(tmp_path, Person("p_0123456789"), ()) == [path]
    assert duckdb.execute(f"SELECT person_id FROM '{path}'").fetchall() == [("p_9876543210",)]
