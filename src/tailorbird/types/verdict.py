"""The verdict: whether a text may go out, and every reason why not, at the character."""

from dataclasses import dataclass
from typing import Literal

Status = Literal["pass", "review", "block"]
Severity = Literal["info", "warning", "error"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check found. `span` is (start, end) in the judged text, end exclusive; (0, 0) for the whole."""

    check: str
    severity: Severity
    span: tuple[int, int]
    type: str
    reason: str
    evidence: str = ""


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
