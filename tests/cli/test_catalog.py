"""The catalog's versions on the command line."""

import json
from pathlib import Path
from typing import Any

import pytest

from tailorbird.cli.init import copy_example

pytestmark = pytest.mark.slow


@pytest.fixture
def root(tmp_path: Path, tailorbird: Any) -> Path:
    copy_example(tmp_path / "wren")
    assert tailorbird("import", tmp_path / "wren", "--json").code == 0
    return tmp_path / "wren"


def test_an_update_makes_a_version_that_can_be_compared_and_taken_back(root: Path, tailorbird: Any) -> None:
    first = tailorbird("catalog", "list", root, "--json").json["versions"][0]["version"]
    (root / "today.csv").write_text("item_id,price,stock\nhobbin-kettle,45.00,0\nnope,1,1\n")
    report = tailorbird("catalog", "update", root / "today.csv", root, "--json").json
    assert (report["rows_in"], report["updated"], len(report["rejected"]), report["before"]) == (2, 1, 1, first)
    (listed,) = [json.loads(line) for file in (root / ".tailorbird" / "quarantine").glob("*.jsonl")
                 for line in file.read_text().splitlines()]  # fmt: skip
    assert listed["reason"] == "item_id: is no item of the catalog"
    assert listed["place"].endswith("today.csv:3")
    found = tailorbird("catalog", "diff", "previous", "current", root, "--json").json
    assert found["counts"]["prices"] == found["counts"]["out_of_stock"] == 1
    assert found["changed"][0]["fields"]["price"] == {"before": "48.00", "after": "45.00", "percent": -6.2}
    assert "price 48.00 to 45.00 (-6.2 %)" in tailorbird("catalog", "diff", "previous", "current", root).out
    assert tailorbird("catalog", "show", "hobbin-kettle", root, "--json").json["price"] == "45.00"
    assert tailorbird("catalog", "rollback", "previous", root, "--json").json["current"] == first
    assert "price: 48.00" in tailorbird("catalog", "show", "hobbin-kettle", root).out
    assert f"* {first}" in tailorbird("catalog", "list", root).out


def test_an_update_of_which_nothing_can_be_used_fails(root: Path, tailorbird: Any) -> None:
    (root / "today.csv").write_text("item_id,price\nnope,1\nhobbin-kettle,dear\n")
    for flags in ((), ("--json",)):
        said = tailorbird("catalog", "update", root / "today.csv", root, *flags)
        assert said.code == 1 and "is no item of the catalog" in said.out
    (root / "today.csv").write_text("item_id,price\nnope,1\nhobbin-kettle,48.00\n")
    assert tailorbird("catalog", "update", root / "today.csv", root).code == 0


def test_what_is_not_there_is_one_clear_error(root: Path, tailorbird: Any) -> None:
    assert "has no item 'nope'" in tailorbird("catalog", "show", "nope", root).error
    assert "no catalog version 'zzz'" in tailorbird("catalog", "diff", "zzz", "current", root).error
    assert "no version before" in tailorbird("catalog", "rollback", "previous", root).error
    assert "there is no file" in tailorbird("catalog", "update", root / "none.csv", root).error


def test_the_knowledge_tables_tell_what_is_used_and_why_rows_are_not(root: Path, tailorbird: Any) -> None:
    table = root / "knowledge" / "guide.csv"
    table.write_text(table.read_text() + "mugs,Rinse,,,2031-01-01\nsoap,Dry it,,notes,2020-01-01\n"
                     "kettels,Rinse,,notes,2031-01-01\n")  # fmt: skip
    told = tailorbird("catalog", "knowledge", root, "--json").json["tables"]["guide"]
    assert (told["rows"], told["used"], told["expired"], len(told["rejected"])) == (8, 6, 1, 1)
    assert told["about_nothing"] == ["kettels"]
    shown = tailorbird("catalog", "knowledge", root).out
    assert "8 rows = 6 used + 1 expired + 1 rejected" in shown
    assert "  about nothing in the catalog: 'kettels'\n" in shown
    assert "line 7: source: is empty" in shown


def test_a_schema_is_inferred_once_and_then_holds_at_imports(root: Path, tailorbird: Any) -> None:
    told = tailorbird("catalog", "infer", root, "--json").json
    assert "weight" in told["new"] and told["attributes"] == len(told["new"])
    assert tailorbird("catalog", "infer", root, "--json").json["new"] == []
    schema = root / "catalog" / "schema.yaml"
    schema.write_text(schema.read_text().replace("values: [England,", "values: ["))
    said = tailorbird("import", root, "catalog").err
    assert "catalog/schema.yaml: 20 rows: origin: is none of its values" in said
    assert tailorbird("check", root).code == 0
