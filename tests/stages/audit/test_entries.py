import json

from tailorbird.stages.audit.entries import entry_bytes, row_leaf
from tailorbird.stages.audit.tree import hash_leaf
from tailorbird.types.audit import AuditRow


def test_an_entry_s_bytes_are_canonical_json_that_holds_everything_but_its_place() -> None:
    made = entry_bytes("2026-01-01", "send", "ab", "cd", b"\x00\xff")
    assert made == b'{"at":"2026-01-01","entry":"ab","key":"cd","kind":"send","payload":"AP8="}'
    assert json.loads(made)["kind"] == "send"


def test_a_row_s_leaf_is_of_what_it_says_now() -> None:
    row = AuditRow(7, "2026-01-01", "send", "ab", "cd", b"\x00\xff", b"recorded")
    assert row_leaf(row) == hash_leaf(entry_bytes("2026-01-01", "send", "ab", "cd", b"\x00\xff"))
