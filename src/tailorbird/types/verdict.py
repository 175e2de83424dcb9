"""The verdict: whether a text may go out, and every reason why not, at the character."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Status = Literal["pass", "repair", "review", "block"]
"""'repair': it may not go out as it is, and every finding that stops it says how to mend it."""
Severity = Literal["info", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check found. `span` is (start, end) in the judged text, end exclusive; (0, 0) for the whole.

    `evidence` is the fact or the words that speak against it, `source` where these come from: a catalog's field, a
    rule of a policy pack with its law. `repair` is what to write in place of the span ('' takes it out), None where
    nobody knows.
    """

    check: str
    severity: Severity
    span: tuple[int, int]
    type: str
    reason: str
    evidence: str = ""
    repair: str | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of all checks on one text; `text` is the text the spans refer to."""

    status: Status
    findings: tuple[Finding, ...] = ()
    text: str = ""

    @property
    def passed(self) -> bool:
        """Whether the text may be used without a person's look."""
        return self.status == "pass"


def worst_status(findings: Iterable[Finding]) -> Status:
    """The status that findings amount to: an error blocks unless every error says its repair; a warning asks a
    person."""
    errors = warnings = mendable = 0
    for finding in findings:
        errors += finding.severity == "error"
        mendable += finding.severity == "error" and finding.repair is not None
        warnings += finding.severity == "warning"
    if errors:
        return "repair" if mendable == errors and not warnings else "block"
    return "review" if warnings else "pass"
