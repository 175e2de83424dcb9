from pathlib import Path

import pytest

from tailorbird.adapters.sql.audit_witness import AuditWitness, read_heads
from tailorbird.types.audit import TreeHead

LEAVES = [bytes([n]) * 32 for n in range(9)]


def test_it_records_each_leaf_once_however_far_it_is_behind(tmp_path: Path) -> None:
    witness = AuditWitness(tmp_path / "audit")
    assert witness.leaves() is None
    for size in (2, 2, 9, 5):
        witness.follow(TreeHead(size, "00", "now"), lambda start, end: LEAVES[start:end])
    assert witness.leaves() == LEAVES
    assert [head.size for head in witness.heads()] == [2, 2, 9, 5]


def test_a_last_line_that_was_cut_short_is_none(tmp_path: Path) -> None:
    path = tmp_path / "heads.jsonl"
    path.write_text('{"size": 1, "root": "aa"}\n{"size": 2, "ro')
    assert read_heads(path) == [TreeHead(1, "aa")]
    path.write_text('{"size": 1, "root": "aa"}\nnonsense\n')
    with pytest.raises(ValueError, match="nonsense"):
        read_heads(path)
