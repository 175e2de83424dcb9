"""Findings of rules: each names its pack, version and rule, with the law behind it and when that was read."""

from tailorbird.stages.policies.compiled import PlacedRule
from tailorbird.types.verdict import Finding, Severity

NAME = "policy"
_HOW = {"read": "checked", "reported": "as reported", "known": "from general knowledge"}


def policy_finding(
    one: PlacedRule,
    severity: Severity,
    span: tuple[int, int],
    reason: str,
    evidence: str = "",
    repair: str | None = None,
    kind: str = "",
) -> Finding:
    """A finding of a rule. Its type is the rule's name ('urgency/hurry') if `kind` is not given."""
    pack, rule = one.pack, one.rule
    on = rule.checked_on or pack.checked_on
    checked = f" ({_HOW[rule.checked or pack.checked]}, {on.isoformat()})" if on else ""
    source = f"{pack.name} {pack.version}, {rule.id}: {rule.source or pack.source}{checked}"
    mend = f"; {rule.mend}" if rule.mend and severity in ("error", "warning") else ""
    return Finding(NAME, severity, span, kind or one.name, f"{reason}{mend}", evidence, repair, source)
