import json
from typing import Any

import pytest

from tailorbird.stages.audit.entries import row_leaf
from tailorbird.stages.audit.proofs import ProofError, check_proof, prove_entry, prove_growth
from tailorbird.stages.audit.tree import tree_root
from tailorbird.types.audit import AuditRow, TreeHead

ROWS = [AuditRow(n, "2026-01-01", "send", f"{n:02}", "", bytes([n]), b"") for n in range(6)]
LEAVES = [row_leaf(row) for row in ROWS]


def over_the_wire(document: Any) -> Any:
    return json.loads(json.dumps(document))


@pytest.mark.parametrize("place", range(6))
def test_a_third_party_can_check_an_entry_with_the_document_alone(place: int) -> None:
    proof = over_the_wire(prove_entry(ROWS[place], LEAVES, "now"))
    assert f"entry {place} of 6" in check_proof(proof)
    assert check_proof(proof, TreeHead(6, tree_root(LEAVES).hex()))


@pytest.mark.parametrize("first", [1, 4, 6])
def test_a_third_party_can_check_that_the_log_only_grew(first: int) -> None:
    proof = over_the_wire(prove_growth(first, LEAVES, "now"))
    assert f"begins with the {first}" in check_proof(proof)


def test_a_proof_that_was_changed_proves_nothing() -> None:
    good = over_the_wire(prove_entry(ROWS[2], LEAVES, "now"))
    for change in ({"index": 3}, {"entry": good["entry"].replace("send", "sent")}, {"path": good["path"][:-1]}):
        with pytest.raises(ProofError, match="is not entry"):
            check_proof({**good, **change})
    grown = over_the_wire(prove_growth(4, LEAVES, "now"))
    with pytest.raises(ProofError, match="does not begin with"):
        check_proof({**grown, "first": {**grown["first"], "size": 3}})


def test_a_proof_for_another_head_than_the_trusted_one_is_refused() -> None:
    with pytest.raises(ProofError, match="not for the head"):
        check_proof(prove_entry(ROWS[0], LEAVES, "now"), TreeHead(5, tree_root(LEAVES[:5]).hex()))


@pytest.mark.parametrize("document", [None, [], 7, {}, {"proof": "x", "head": {"size": 1, "root": "zz"}, "path": []},
                                      {"proof": "odd", "head": {"size": 1, "root": "00"}, "path": []}])  # fmt: skip
def test_what_is_no_proof_is_one_clear_error(document: Any) -> None:
    with pytest.raises(ProofError, match="this is no proof"):
        check_proof(document)


def test_there_is_no_proof_from_a_tree_that_never_was() -> None:
    for first in (0, 7):
        with pytest.raises(ProofError, match="1 to 6"):
            prove_growth(first, LEAVES, "now")
