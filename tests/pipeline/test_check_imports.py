"""Mappings are checked before their first import."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tailorbird.pipeline.check_imports import check_mapping, check_mappings, header_of
from tailorbird.project.errors import ProjectError
from tailorbird.project.source import parse
from tailorbird.types.mapping import ImportMapping

GOOD = """source: data.csv
derive:
  kind: {column: title, letters: lower}
events:
  - event: Order Completed
    timestamp: when
    user_id: who
    group_by: [order]
    message_id: {text: "order-{order}"}
    where: [{column: state, equals: paid}]
    properties: {total: {product: [price, n], sum: true}}
    lines: {name: products, fields: {sku: sku, kind: kind}}
    checks: {n: {type: integer}}
"""
COLUMNS = ["title", "when", "who", "order", "state", "price", "n", "sku"]


def error(tmp_path: Path, old: str = "", new: str = "", columns: list[str] | None = None) -> ProjectError:
    path = tmp_path / "orders.yaml"
    assert old in GOOD
    path.write_text(GOOD.replace(old, new))
    with pytest.raises(ProjectError) as caught:
        check_mapping(path, parse(path, ImportMapping), columns or COLUMNS)
    return caught.value


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "line", "field", "words"),
    [
        ("derive:", "timezone: Europe/Berln\nderive:", 2, "timezone", "did you mean 'Europe/Berlin'"),
        ("derive:", "delimiter: ;;;;;;\nderive:", 2, "delimiter", "must be one character"),
        ("timestamp: when", "timestamp: {}", 6, "events[0].timestamp", "exactly one of column"),
        ("user_id: who", "user_id: {column: who, text: x}", 7, "events[0].user_id", "exactly one of column"),
        ("equals: paid", "equals: paid, before: x", 10, "events[0].where[0]", "exactly one comparison"),
        ("    group_by: [order]\n", "", 11, "events[0].lines", "lines need group_by"),
        ("timestamp: when", "timestamp: {constant: soon}", 6, "events[0].timestamp", "is not a date and time"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, old: str, new: str, line: int, field: str, words: str) -> None:
    found = error(tmp_path, old, new)
    assert (found.line, found.field) == (line, field)
    assert words in found.message


def test_a_column_that_the_file_lacks_is_told_with_the_nearest(tmp_path: Path) -> None:
    found = error(tmp_path, columns=["titel", *COLUMNS[1:]])
    assert (found.line, found.field) == (3, "derive.kind.column")
    assert "did you mean 'titel'" in found.message


def test_without_the_file_the_columns_are_believed(opened: Any, tmp_path: Path) -> None:
    path = tmp_path / "imports" / "orders.yaml"
    path.parent.mkdir()
    path.write_text(GOOD)
    project = replace(opened.project, root=tmp_path, mappings={"orders": parse(path, ImportMapping)})
    check_mappings(project)


def test_the_header_of_a_csv_is_read_and_others_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(b'\xef\xbb\xbfa;"b ""c"""\n1;2\n')
    (tmp_path / "b.csv").write_bytes("a\n".encode("utf-16"))
    assert header_of(tmp_path / "a.csv", ";") == ["a", 'b "c"']
    assert [header_of(tmp_path / name, ",") for name in ("b.csv", "none.csv", "c.parquet")] == [None] * 3


DATABASE = """source:
  postgres: ${SHOP_DB}
  sql: SELECT * FROM t WHERE at >= :watermark
  watermark: at
  since: "2020-01-01"
"""


def test_a_database_is_checked_without_asking_it(tmp_path: Path) -> None:
    path = tmp_path / "orders.yaml"
    path.write_text(GOOD.replace("source: data.csv\n", DATABASE))
    check_mapping(path, parse(path, ImportMapping), COLUMNS)


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        (">= :watermark", "> :watermark", 3, "write >="),
        ("${SHOP_DB}", "postgresql://me:secret@db/shop", 2, "password"),
        ('  since: "2020-01-01"\n', "", 4, "since"),
    ],
)
def test_a_mistake_in_a_database_names_its_line(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    path = tmp_path / "orders.yaml"
    assert old in DATABASE
    path.write_text(GOOD.replace("source: data.csv\n", DATABASE.replace(old, new)))
    with pytest.raises(ProjectError, match=said) as caught:
        check_mapping(path, parse(path, ImportMapping), COLUMNS)
    assert caught.value.line == line and "secret" not in str(caught.value)


def test_a_mapping_without_targets_is_told_by_its_file(tmp_path: Path) -> None:
    path = tmp_path / "feed.yaml"
    path.write_text("source: feed.xml\n")
    check_mapping(path, parse(path, ImportMapping), [])


def test_a_feed_s_mapping_is_checked_against_the_columns_that_feeds_have(tmp_path: Path) -> None:
    path = tmp_path / "feed.yaml"
    path.write_text("source: a.csv\nformat: shopify\ncatalog: {item_id: item_id, name: name, price: price}\n")
    check_mapping(path, parse(path, ImportMapping), ["Handle", "Title"])
    path.write_text("source: a.csv\nformat: shopify\ncatalog: {item_id: Handle, name: name}\n")
    with pytest.raises(ProjectError, match="no column 'Handle'"):
        check_mapping(path, parse(path, ImportMapping), ["Handle", "Title"])
