"""What is wrong with an audit log: rows against a second record, their places, and every head against the rows."""

from collections.abc import Iterable, Sequence

from tailorbird.stages.audit.tree import grow, peaks_root
from tailorbird.types.audit import AuditFinding, TreeHead

FINDINGS_MAX = 100
"""After so many findings the rest are counted by nobody: the log is not what it was."""


def compare_leaves(found: Sequence[tuple[int, bytes]], recorded: Sequence[bytes], witness: bool) -> list[AuditFinding]:
    """Findings from the rows' (position, leaf hash of what they say now) and the leaf hashes recorded for positions.

    With `witness` the record is a second one, kept apart: then rows that are gone are known, and rows that were put
    between others. What comes after the record's end is new, not wrong.
    """
    present, known = {leaf for _, leaf in found}, {leaf: j for j, leaf in enumerate(recorded)}
    findings: list[AuditFinding] = []
    i = j = 0
    while i < len(found) and j < len(recorded) and len(findings) < FINDINGS_MAX:
        position, leaf = found[i]
        if leaf == recorded[j]:
            if position != j and not findings:
                findings.append(AuditFinding("moved", position, f"entry {j} stands at place {position}"))
            i, j = i + 1, j + 1
        elif leaf not in known and recorded[j] in present:
            findings.append(AuditFinding("inserted", position, f"entry {position} was put in: it was never recorded"))
            i += 1
        elif leaf in known and recorded[j] not in present:
            findings.append(AuditFinding("removed", j, f"entry {j} was removed"))
            j += 1
        elif leaf in known:
            said = f"entry {position} holds what was recorded as entry {known[leaf]}"
            findings.append(AuditFinding("moved", position, said))
            i, j = i + 1, j + 1
        else:
            findings.append(AuditFinding("altered", position, f"entry {position} does not say what was recorded"))
            i, j = i + 1, j + 1
    if witness and j < len(recorded) and len(findings) < FINDINGS_MAX:
        last, end = len(recorded) - 1, "entry" if j == len(recorded) - 1 else f"entries {j} to"
        findings.append(AuditFinding("removed", j, f"{end} {last} {'was' if j == last else 'were'} cut off"))
    return findings


def compare_positions(positions: Sequence[int]) -> list[AuditFinding]:
    """Findings from the rows' positions alone: they count up from 0 without a gap."""
    findings: list[AuditFinding] = []
    due = 0
    for position in positions:
        if position != due and len(findings) < FINDINGS_MAX:
            several = f"entries {due} to {position - 1} are" if position - due > 1 else f"entry {due} is"
            findings.append(AuditFinding("removed", due, f"{several} missing"))
        due = position + 1
    return findings


def compare_heads(leaves: Sequence[bytes], heads: Iterable[TreeHead], place: str) -> list[AuditFinding]:
    """Findings from heads that were recorded in `place`: the tree over its first `size` leaves must have its root.

    Recomputing each root says all that a consistency proof between two heads would say.
    """
    findings: list[AuditFinding] = []
    peaks: list[bytes] = []
    size = 0
    for head in sorted(heads, key=lambda head: head.size):
        if head.size > len(leaves):
            said = f"{place} knows {head.size} entries ({head.at}), the log has {len(leaves)}"
            findings.append(AuditFinding("removed", len(leaves), said))
        else:
            peaks, size = grow(peaks, size, leaves[size : head.size]), head.size
            if peaks_root(peaks).hex() != head.root:
                said = f"the first {head.size} entries are not those of the head in {place} of {head.at or 'no date'}"
                findings.append(AuditFinding("head", head.size, said))
        if len(findings) >= FINDINGS_MAX:
            break
    return findings
