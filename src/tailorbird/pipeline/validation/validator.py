"""The validator: every check on one text; a check that crashes or does not come to an end counts as 'review'."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Thread
from typing import get_args

from tailorbird.ports.check import Check
from tailorbird.types.candidate import Candidate
from tailorbird.types.fact import Facts
from tailorbird.types.policy import Policy
from tailorbird.types.verdict import Finding, Severity, Verdict, worst_status

TIMEOUT_S = 2.0
TEXT_CHARS_MAX = 200_000
SEVERITIES = get_args(Severity)


@dataclass
class Validator:
    """Runs checks in order. `own` are ours, which cannot hang; `plugins` are others', each given `timeout_s`.

    A plugin that is late is not asked again until it has come back: it says 'review' at once meanwhile.
    """

    own: Sequence[Check]
    plugins: Sequence[Check] = ()
    timeout_s: float = TIMEOUT_S
    _late: dict[str, Thread] = field(default_factory=dict)

    def __call__(self, text: str, facts: Facts, policy: Policy, locale: str) -> Verdict:
        """Judge one text as its reader would see it. Findings are in order of their place in the text."""
        candidate = Candidate(text, facts, policy, locale)
        if not text.strip():
            found = Finding("text", "error", (0, len(text)), "empty", "there is no text: write one, or send nothing")
            return Verdict("block", (found,), text)
        if len(text) > TEXT_CHARS_MAX:
            reason = f"{len(text):,} characters; at most {TEXT_CHARS_MAX:,} are judged: split it"
            return Verdict("block", (Finding("text", "error", (0, 0), "too_large", reason),), text)
        findings: list[Finding] = []
        for check in self.own:
            findings += self._understood(check, candidate) or self._run(check, candidate)
        for check in self.plugins:
            findings += self._understood(check, candidate) or self._run_in_time(check, candidate)
        findings.sort(key=lambda found: (found.span, found.check, found.type))
        return Verdict(worst_status(findings), tuple(findings), text)

    def _understood(self, check: Check, candidate: Candidate) -> list[Finding]:
        if not check.languages or candidate.language in check.languages:
            return []
        known = ", ".join(sorted(check.languages))
        reason = f"the check {check.name} understands {known}, not {candidate.language or 'this language'}"
        return [Finding(check.name, "warning", (0, 0), "language", f"{reason}: a person decides")]

    def _run(self, check: Check, candidate: Candidate) -> list[Finding]:
        try:
            return [self._in_text(found, candidate) for found in check.check(candidate)]
        except Exception as error:
            why = f"{type(error).__name__}: {error}"
            return [Finding(check.name, "warning", (0, 0), "crashed", f"the check failed: {why}"[:300])]

    def _run_in_time(self, check: Check, candidate: Candidate) -> list[Finding]:
        late = self._late.get(check.name)
        if late is None or not late.is_alive():
            found: list[list[Finding]] = []
            # A daemon: a check that hangs for ever does not keep the process from ending.
            thread = Thread(target=lambda: found.append(self._run(check, candidate)), daemon=True)
            thread.start()
            thread.join(self.timeout_s)
            if found:
                return found[0]
            self._late[check.name] = thread
        reason = f"the check took more than {self.timeout_s:g} seconds"
        return [Finding(check.name, "warning", (0, 0), "timed_out", reason)]

    def _in_text(self, found: Finding, candidate: Candidate) -> Finding:
        if found.severity not in SEVERITIES:
            raise ValueError(f"severity {found.severity!r} is none of {', '.join(SEVERITIES)}")
        start, end = found.span
        if not 0 <= start <= end <= len(candidate.text):
            raise ValueError(f"span {found.span} is not within the text's {len(candidate.text)} characters")
        return found
