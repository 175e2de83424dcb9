"""The ground of an audit."""

from pathlib import Path

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.pipeline.fairness.ground import RememberingWarehouse
from tests.pipeline.fairness.conftest import ground_of


@pytest.mark.slow
def test_contexts_are_people_whom_the_campaign_could_write_to_drawn_by_seed(ran_root: Path) -> None:
    ground = ground_of(ran_root, contexts=30, seed=2)
    assert len(ground.contexts) == 30 == len(set(ground.contexts))
    assert set(ground.contexts) <= set(ground.eligible)
    assert list(ground.contexts) == sorted(ground.contexts)
    assert ground_of(ran_root, contexts=30, seed=2).contexts == ground.contexts
    assert ground_of(ran_root, contexts=30, seed=3).contexts != ground.contexts
    assert len(ground_of(ran_root, contexts=10_000).contexts) == len(ground.eligible)


@pytest.mark.slow
def test_the_lines_of_a_project_that_never_ran_take_part_in_memory(filled: Path, ran_root: Path) -> None:
    never, ran = ground_of(filled), ground_of(ran_root)
    assert {line.creative_id for line in never.lines} == {line.creative_id for line in ran.lines} != set()


class Counting:
    """A warehouse that counts what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def rows(self, sql: str) -> list[tuple[int, ...]]:
        self.asked.append(sql)
        return [(len(self.asked),)]


def test_a_query_is_asked_once_and_everything_else_is_passed_on() -> None:
    counting = Counting()
    warehouse = RememberingWarehouse(counting)  # type: ignore[arg-type]
    assert warehouse.rows("a") == warehouse.rows("a") == [(1,)]
    assert warehouse.rows("b") == [(2,)]
    assert counting.asked == ["a", "b"]


def test_what_changes_a_table_makes_the_answers_new() -> None:
    warehouse = RememberingWarehouse(DuckdbWarehouse())
    warehouse.load("t", {"a": [1]})
    assert warehouse.rows("SELECT a FROM t") == [(1,)]
    warehouse.load("t", {"a": [2]})
    assert warehouse.rows("SELECT a FROM t") == [(2,)]
