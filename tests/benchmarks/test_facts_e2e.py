import json
from pathlib import Path
from typing import Any

import pytest

ROWS = """mr,ref,fixed,orig_mr
"name[Heron], area[harbour], familyFriendly[no]","Heron, in the harbour, is not family friendly.",0,"name[Heron], area[harbour], familyFriendly[no]"
"name[Heron], area[old town], familyFriendly[no]","Heron, in the old town, is not family friendly.",1,"name[Heron], area[harbour], familyFriendly[no]"
"name[Lark], area[old town]","Lark is in the old town.",1,"name[Lark], area[old town], familyFriendly[yes]"
"name[Lark], area[old town], familyFriendly[yes]","Lark is a family friendly place in the old town.",0,"name[Lark], area[old town], familyFriendly[yes]"
"""


@pytest.fixture
def benchmark(load: Any) -> Any:
    return load("facts_e2e")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "rows.csv"
    path.write_text(ROWS)
    return path


def test_a_meaning_becomes_facts_that_must_all_be_stated(benchmark: Any) -> None:
    facts = benchmark.facts_of("name[Heron], familyFriendly[no], priceRange[high]", {})
    (entity,) = facts.subjects
    assert entity.names == ("Heron",)
    assert {fact.name: fact.value for fact in entity.facts} == {
        "name": "Heron", "family friendly": False, "price range": "high",
    }  # fmt: skip
    assert facts.required == {"name", "family friendly", "price range"}


def test_vocabularies_are_the_values_of_the_file(benchmark: Any, file: Path) -> None:
    assert benchmark.vocabularies_of(benchmark.read(file)) == {
        "name": {"Heron": (), "Lark": ()},
        "area": {"harbour": (), "old town": ()},
    }


def test_texts_about_one_meaning_are_in_one_fold_however_its_slots_are_ordered(benchmark: Any) -> None:
    one, other = "name[Heron], area[harbour]", "area[harbour], name[Heron]"
    assert all(benchmark.fold_of(one, folds) == benchmark.fold_of(other, folds) for folds in range(2, 20))


def test_what_differs_is_named_by_attribute(benchmark: Any, file: Path) -> None:
    assert [sorted(benchmark.differing(row)) for row in benchmark.read(file)] == [[], ["area"], ["family friendly"], []]


def test_learned_wordings_stand_beside_the_values_and_add_no_attribute_value_twice(benchmark: Any) -> None:
    merged = benchmark.merged(
        {"area": {"harbour": ("quay",)}}, {"area": {"harbour": ("quay", "port")}, "fit": {"yes": ("ok",)}}
    )
    assert merged == {"area": {"harbour": ("quay", "port")}, "fit": {"yes": ("ok",)}}


def test_the_benchmark_finds_what_was_changed_and_what_was_left_out(run: Any, file: Path) -> None:
    report = json.loads(run("facts_e2e", "--json", "--data", str(file), "--learn-share", "0"))
    metrics = {each["name"]: each["value"] for each in report["metrics"]}
    assert (metrics["precision"], metrics["recall"], metrics["f1"], metrics["slot_accuracy"]) == (1, 1, 1, 1)
    assert report["rows"] == 4
