"""What every quarantine must do: run each of CHECKS with a function that opens the quarantine of a folder."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from tailorbird.ports.quarantine import Quarantine
from tailorbird.types.quarantined import INTAKE, Quarantined, quarantine

MakeQuarantine = Callable[[Path], Quarantine]
NOON = datetime(2026, 6, 1, 12, 0, 0, 123456, tzinfo=UTC)


def sample_row(n: int, source: str = INTAKE) -> Quarantined:
    """A refused row with a body that needs care."""
    return quarantine(source, "/v1/batch", "not valid JSON", f'{n} {{"a": "Grüße\r\n\u2028\x00\\"', NOON)


def check_added_rows_come_back_whole(make_quarantine: MakeQuarantine, root: Path) -> None:
    """Every field survives, and another opener sees them."""
    make_quarantine(root).add([sample_row(1), sample_row(2)])
    make_quarantine(root).add([sample_row(3)])
    assert list(make_quarantine(root).rows()) == [sample_row(1), sample_row(2), sample_row(3)]


def check_an_empty_quarantine_has_no_rows(make_quarantine: MakeQuarantine, root: Path) -> None:
    """Also after adding nothing and removing what is not there."""
    store = make_quarantine(root)
    store.add([])
    assert (list(store.rows()), store.remove(["nothing"]), store.adopt("orders-1", None)) == ([], 0, None)


def check_the_same_thing_refused_again_is_one_row_with_the_latest_reason(
    make_quarantine: MakeQuarantine, root: Path
) -> None:
    """As clients do that repeat what was refused."""
    store = make_quarantine(root)
    again = replace(sample_row(1), reason="something else")
    store.add([sample_row(1), sample_row(2)])
    store.add([again])
    assert sorted(store.rows(), key=lambda row: row.body) == [again, sample_row(2)]


def check_rows_are_read_by_source(make_quarantine: MakeQuarantine, root: Path) -> None:
    """The whole name, not a part of it."""
    store = make_quarantine(root)
    store.add([sample_row(1), sample_row(2, "imports/orders.yaml"), sample_row(3, "imports/orders.yaml.old")])
    assert list(store.rows("imports/orders.yaml")) == [sample_row(2, "imports/orders.yaml")]


def check_a_removed_row_is_nowhere_on_disk(make_quarantine: MakeQuarantine, root: Path) -> None:
    """Its body may be a person's; and the other rows stay."""
    store = make_quarantine(root)
    secret = quarantine(INTAKE, "/v1/track", "no id", '{"email": "ada@mail.example"}', NOON)
    store.add([sample_row(1), secret])
    store.add([replace(secret, reason="still no id"), sample_row(2)])
    assert store.remove([secret.id, "unknown"]) == 1
    assert list(store.rows()) == [sample_row(1), sample_row(2)]
    assert not any(b"ada@mail.example" in path.read_bytes() for path in root.rglob("*") if path.is_file())
    assert store.remove([sample_row(1).id, sample_row(2).id]) == 2
    store.add([sample_row(3)])
    assert list(make_quarantine(root).rows()) == [sample_row(3)]


def check_a_file_takes_the_place_of_the_former_of_its_name(make_quarantine: MakeQuarantine, root: Path) -> None:
    """And of no other; without a file the name has nothing any more."""
    store, other = make_quarantine(root), make_quarantine(root.parent / "other")
    store.add([sample_row(0)])
    for name, numbers in (("orders-1", [1, 2]), ("orders-2", [3]), ("orders-1", [2, 4])):
        other.add([sample_row(n, "imports/orders.yaml") for n in numbers])
        (file,) = (path for path in (root.parent / "other").iterdir() if path.is_file())
        assert store.adopt(name, file) is not None
        assert not file.exists()
    kept = [row.body[0] for row in store.rows("imports/orders.yaml")]
    assert sorted(kept) == ["2", "3", "4"]
    assert store.remove([sample_row(3, "imports/orders.yaml").id]) == 1
    assert store.adopt("orders-1", None) is None
    assert list(store.rows()) == [sample_row(0)]


CHECKS: tuple[Callable[[MakeQuarantine, Path], None], ...] = (
    check_added_rows_come_back_whole,
    check_an_empty_quarantine_has_no_rows,
    check_the_same_thing_refused_again_is_one_row_with_the_latest_reason,
    check_rows_are_read_by_source,
    check_a_removed_row_is_nowhere_on_disk,
    check_a_file_takes_the_place_of_the_former_of_its_name,
)
