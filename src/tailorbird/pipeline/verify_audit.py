"""The audit log's verification: everything is computed again, and compared with everything that was recorded."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tailorbird.ports.audit_log import AuditLog
from tailorbird.stages.audit.entries import row_leaf
from tailorbird.stages.audit.findings import compare_heads, compare_leaves, compare_positions
from tailorbird.stages.audit.tree import tree_root
from tailorbird.types.audit import AuditFinding, TreeHead

_WITNESS = "the second record"


@dataclass(frozen=True)
class AuditReport:
    """What was verified, and what was found. `witnessed` is how many entries the second record knows; None: it is not
    there, so that entries which are gone with their heads would not be missed."""

    entries: int
    root: str
    heads: int
    witnessed: int | None
    kinds: Mapping[str, int]
    findings: Sequence[AuditFinding]

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


def verify_audit(
    log: AuditLog,
    witness_leaves: Sequence[bytes] | None,
    witness_heads: Sequence[TreeHead],
    trusted: Sequence[TreeHead] = (),
) -> AuditReport:
    """Recompute every leaf and the tree, and compare them with the rows' own hashes, the heads beside them, the second
    record, and `trusted` heads that were kept elsewhere.

    Where single rows were found to be wrong, a head that therefore does not fit says nothing more, and is left out.
    """
    places: list[tuple[int, bytes]] = []
    own: list[AuditFinding] = []
    kinds: Counter[str] = Counter()
    for row in log.rows():
        leaf = row_leaf(row)
        places.append((row.position, leaf))
        kinds[row.kind] += 1
        if leaf != row.leaf:
            own.append(AuditFinding("altered", row.position, f"entry {row.position} is not what its own hash says"))
    findings = [] if witness_leaves is None else compare_leaves(places, witness_leaves, True)
    told = {finding.position for finding in findings}
    findings += [finding for finding in own if finding.position not in told]
    findings = findings or compare_positions([position for position, _ in places])
    leaves, heads = [leaf for _, leaf in places], log.heads()
    for known, place in ((heads, "the database"), (witness_heads, _WITNESS), (trusted, "the file of heads")):
        findings = findings or compare_heads(leaves, known, place)
    findings = findings or _unheaded(len(leaves), heads)
    witnessed = None if witness_leaves is None else len(witness_leaves)
    return AuditReport(len(leaves), tree_root(leaves).hex(), len(heads), witnessed, dict(kinds), findings)


def _unheaded(size: int, heads: Sequence[TreeHead]) -> list[AuditFinding]:
    """Rows after the last head were not written by us: an append writes both, or neither."""
    last = max((head.size for head in heads), default=0)
    if size <= last:
        return []
    said = f"entries {last} to {size - 1} come after the last head: nobody recorded them"
    return [AuditFinding("inserted", last, said)]
