"""A packed table gives back what went in, with its types, in little memory."""

import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tailorbird.stages.features.packing import PackedTable, pack_column

texts = st.one_of(st.text(max_size=6), st.sampled_from(["", "a", "ab", "abc", "é", "\x00", "\ud800", "x" * 300]))
floats = st.floats(allow_nan=False)
whole = st.one_of(st.integers(-3, 300), st.integers(), st.sampled_from([2**64, -(2**63), 2**63 - 1]))
scalars = st.one_of(st.none(), st.booleans(), whole, floats, texts, st.tuples(texts, texts))


def lists(element: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(element, min_size=1, max_size=60)


columns = st.one_of(
    *(lists(st.one_of(st.none(), kind)) for kind in (texts, floats, whole, st.booleans())),
    lists(scalars),
    lists(st.integers(0, 3)),
    st.integers(0, 2**40).map(lambda start: list(range(start, start + 2000))),
    st.just([f"u{i}@example.org" if i % 7 else None for i in range(2000)]),
    st.just([float(i) / 3 for i in range(2000)]),
    st.just([float(i) / 4 for i in range(1999)] + [None]),
)


def exact(value: Any) -> tuple[type, str]:
    return type(value), repr(value)


@pytest.mark.slow
@given(columns)
def test_a_column_gives_every_value_back_with_its_type(values: list[Any]) -> None:
    column = pack_column(values)
    assert [exact(column.read(row)) for row in range(len(values))] == [exact(value) for value in values]


@pytest.mark.slow
@given(st.sets(texts, max_size=60), texts)
def test_a_row_is_found_by_its_id_and_by_no_other(ids: set[str], other: str) -> None:
    written = sorted(ids, key=hash)
    table = PackedTable(written, {"at": list(range(len(written)))})
    assert [table.row(person) for person in written] == [{"at": at} for at in range(len(written))]
    assert other in ids or table.row(other) is None
    assert list(table) == sorted(written)
    assert (other in table) == (other in ids)
    assert len(table) == len(written)


def test_the_narrowest_exact_form_is_taken() -> None:
    n = 20_000
    sizes: dict[str, tuple[list[Any], float]] = {
        "constant": ([None] * n, 0),
        "two values": ([i % 2 == 0 for i in range(n)], 0.13),
        "nine values": ([i % 9 for i in range(n)], 0.53),
        "small numbers": ([1_000_000 + i * 3 for i in range(n)], 2),
        "quarters": ([i / 4 for i in range(n)], 4),
        "thirds": ([i / 3 for i in range(n)], 8),
        "texts": ([f"{i:08d}" for i in range(n)], 8 + 1.3),
    }
    for name, (values, most) in sizes.items():
        assert pack_column(values).nbytes <= most * n, name


def test_ids_that_share_their_beginning_take_little() -> None:
    n = 20_000
    table = PackedTable([f"customer-{i:08d}" for i in range(n)], {})
    assert table.nbytes < 7 * n


def test_long_ids_and_texts_are_no_special_case() -> None:
    ids = ["x" * size for size in (1, 254, 255, 256, 70_000)]
    table = PackedTable(ids, {"text": [person * 2 for person in ids]})
    assert [table.row(person) for person in ids] == [{"text": person * 2} for person in ids]
    assert table.row("x" * 255 + "y") is None
    assert sys.getsizeof(table) < 200, "the rows are in the columns, not in objects"
