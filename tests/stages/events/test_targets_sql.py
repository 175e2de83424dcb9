"""One target of a mapping: its tables' SQL. What rows become is tested in test_mapping_sql.py."""

from tailorbird.stages.events.columns import Columns
from tailorbird.stages.events.targets_sql import compile_event, compile_traits
from tailorbird.types.mapping import EventTarget, TraitsTarget

TYPES = dict.fromkeys(["who", "when", "message_id", "timestamp"], "VARCHAR")
COLUMNS = Columns(TYPES, "f.csv", "m.yaml")


def test_tables_of_targets_do_not_collide() -> None:
    first = compile_event(EventTarget("A", "when", "who"), 0, COLUMNS, TYPES)
    second = compile_traits(TraitsTarget("who", "when"), 1, COLUMNS)
    assert {first.keys, first.events, first.verdicts} & {second.keys, second.events, second.verdicts} == set()


def test_the_reasons_are_numbered_as_the_verdict_counts_them() -> None:
    target = compile_event(EventTarget("A", "when", "who"), 0, COLUMNS, TYPES)
    assert (
        target.reasons()
        == "(1, 'who', 'is empty'), (2, 'who', 'is longer than 250 characters'), (3, 'who', 'holds a control character'), (4, 'who', 'begins with ''anon:'', which is Tailorbird''s own'), (5, 'when', 'is empty'), (6, 'when', 'is not a date and time as 2026-06-01 09:30 or 2026-06-01T09:30:00+02:00')"
    )


def test_without_an_id_the_whole_row_identifies_the_event() -> None:
    target = compile_event(EventTarget("A", "when", "who"), 0, COLUMNS, TYPES)
    assert all(f'"{column}"' in target.judge[0] for column in TYPES)
