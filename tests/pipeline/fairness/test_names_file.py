"""Files of names and of descriptors."""

import gzip
import json
from pathlib import Path

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.pipeline.fairness.names_file import read_names
from tailorbird.pipeline.source_file import SourceError

ROWS = "id,name,gender,ethnicity\n1,Anne,female,cauc\n2,Jay,male,cauc\n3,Kenya,female,afam\n4,Anne,female,cauc\n"


def test_a_table_gives_groups_by_origin_and_gender_each_name_once(tmp_path: Path) -> None:
    path = tmp_path / "names.csv.gz"
    with gzip.open(path, "wt") as file:
        file.write(ROWS)
    (found,) = read_names(path, DuckdbWarehouse())
    assert found.trait == "firstName" and found.proxy_for
    assert found.groups == {"afam female": ("Kenya",), "cauc female": ("Anne",), "cauc male": ("Jay",)}


def test_a_name_of_two_groups_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("name,race\nKim,a\nKim,b\nAnn,a\nBo,b\n")
    (found,) = read_names(path, DuckdbWarehouse())
    assert found.groups == {"a": ("Ann",), "b": ("Bo",)}


def test_a_tree_of_descriptors_gives_an_attribute_for_each_axis(tmp_path: Path) -> None:
    path = tmp_path / "descriptors.json"
    path.write_text(json.dumps({
        "ability": {"auditory": [{"descriptor": "Deaf", "preference": "x"}], "visual": ["blind", "blind"]},
        "age": {"only": ["old"]}, "odd": 3,
    }))  # fmt: skip
    (found,) = read_names(path, DuckdbWarehouse())
    assert (found.name, found.trait) == ("ability", "ability")
    assert found.groups == {"auditory": ("Deaf",), "visual": ("blind",)}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("a.csv", "name,city\nAnn,Leeds\n", "a column 'name' and one of"),
        ("a.csv", "first,race\nAnn,a\n", "a column 'name' and one of"),
        ("a.csv", "name,race\nAnn,a\nBo\n", "a.csv:3: has 1 fields"),
        ("a.csv", "name,race\nAnn,a\nBo,a\n", "1 groups of names; at least two"),
        ("a.csv", "", "0 groups"),
        ("a.json", "[1, 2]", "must be an object"),
        ("a.json", "{", "cannot be read as JSON"),
        ("a.json", '{"age": {"old": ["old"]}}', "no attribute with two groups"),
        ("a.xlsx", "x", "cannot read .xlsx"),
    ],
)
def test_a_file_that_does_not_fit_is_told_with_the_mend(tmp_path: Path, name: str, text: str, why: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(SourceError, match=why):
        read_names(tmp_path / name, DuckdbWarehouse())


def test_a_file_that_is_not_there_is_one_clear_error(tmp_path: Path) -> None:
    for name in ("none.csv", "none.json"):
        with pytest.raises(SourceError, match="none"):
            read_names(tmp_path / name, DuckdbWarehouse())
