"""Importing files on the command line."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.cli.import_files import earlier, import_all
from tailorbird.cli.init import copy_example
from tailorbird.cli.terminal import Quiet
from tailorbird.project.project import load_project
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.mapping import EventTarget, ImportMapping
from tests.pipeline.test_empty_queue import message

pytestmark = pytest.mark.slow


@pytest.fixture
def fresh(filled: Path, tmp_path: Path) -> Path:
    shutil.copytree(filled, tmp_path / "wren", ignore=shutil.ignore_patterns(".tailorbird", "media"))
    return tmp_path / "wren"


def test_the_counts_add_up_and_wrong_rows_are_quarantined_with_their_line(tailorbird: Any, fresh: Path) -> None:
    items = fresh / "catalog" / "items.csv"
    head, first, *rest = items.read_text().splitlines()
    cells = first.split(",")
    cells[head.split(",").index("price")] = "dear"
    items.write_text("\n".join([head, ",".join(cells), *rest]) + "\n")
    said = tailorbird("import", fresh, "--json").json["imports"][0]
    assert said["rows_in"] == said["accepted"] + said["duplicate"] + said["quarantined"]
    assert said["quarantined"] == 1
    assert "price" in Path(said["quarantine"]).read_text()


def test_a_column_that_is_not_there_is_one_clear_error(tailorbird: Any, fresh: Path) -> None:
    mapping = fresh / "imports" / "catalog.yaml"
    mapping.write_text(mapping.read_text().replace("stock: {column: stock", "stock: {column: stok"))
    error = tailorbird("import", fresh, "catalog").error
    assert "imports/catalog.yaml" in error and "'stok'" in error and "'stock'" in error


def test_unknown_mappings_and_files_are_one_clear_error(tailorbird: Any, fresh: Path) -> None:
    assert "did you mean 'catalog'" in tailorbird("import", fresh, "catalogue").error
    assert "nowhere.csv" in tailorbird("import", fresh, "catalog", "--file", fresh / "nowhere.csv").error
    assert "no event with a timestamp" in tailorbird("import", fresh, "catalog", "--before", "2026-01-01").error


def test_before_adds_a_row_test_on_the_event_time() -> None:
    mapping = ImportMapping("a.csv", events=(EventTarget("Order Completed", "when", user_id="who"),))
    assert earlier(mapping, "a", "2010-10-01").where[-1].before == "2010-10-01"
    with pytest.raises(TailorbirdError, match="--before"):
        earlier(ImportMapping("a.csv"), "a", "2010")


def words(root: Path, rows: str) -> None:
    mapping = "source: words.csv\ntraits: {user_id: id, timestamp: at, consents: {email_marketing: news}}\n"
    (root / "imports" / "words.yaml").write_text(mapping)
    (root / "words.csv").write_text(f"id,news,at\n{rows}")


def test_an_imported_no_empties_the_queue_while_no_server_runs(tailorbird: Any, fresh: Path) -> None:
    words(fresh, "ana,false,2026-05-01\nben,true,2026-05-01\n")
    state = bootstrap.open_state(load_project(fresh))
    state.outbox.queue([message("ana"), message("ben")])
    assert tailorbird("import", fresh, "words", "--json").json["withdrawn"] == 1
    assert state.waiting.people() == ["ben"]
    assert tailorbird("import", fresh, "words", "--json").json["withdrawn"] == 0


def test_a_merge_by_hand_brings_the_no_of_one_id_to_the_queue_of_the_other(tailorbird: Any, fresh: Path) -> None:
    words(fresh, "old-ana,false,2026-05-02\nana,true,2026-05-01\n")
    state = bootstrap.open_state(load_project(fresh))
    state.outbox.queue([message("ana")])
    assert tailorbird("import", fresh, "words", "--json").json["withdrawn"] == 0
    tailorbird("identity", "merge", "ana", "old-ana", fresh, "--by", "eve", "--reason", "one person")
    assert state.waiting.people() == []


def test_the_first_import_of_a_project_may_be_larger_than_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_example(tmp_path / "wren")
    folder = tmp_path / "wren"
    (folder / "events.yaml").unlink()
    rows = "".join(f"{n:032x},{n % 997},{n * 7919 % 100_003:060d}\n" for n in range(60_000))
    (folder / "rows.csv").write_text(f"id,who,text\n{rows}")
    (folder / "imports" / "rows.yaml").write_text(
        "source: rows.csv\nevents:\n  - event: Seen\n    message_id: id\n    user_id: who\n"
        "    timestamp: {constant: '2026-05-01'}\n    properties: {text: text}\n"
    )
    project = load_project(folder)
    assert not project.state_dir.exists()
    small = DuckdbWarehouse("30MB", threads=1, spill=project.state_dir / "spill")
    monkeypatch.setattr(bootstrap, "open_warehouse", lambda _: small)
    (report,) = import_all(project, ["rows"], None, Quiet())
    assert (report.accepted, report.events) == (60_000, 60_000)
