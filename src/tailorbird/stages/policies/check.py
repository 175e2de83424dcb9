"""The check of policy: a text against the packs of its policy, as checks are asked (ports/check.py)."""

from collections.abc import Iterator

from tailorbird.stages.policies.compiled import CompiledPolicy, compile_policy
from tailorbird.stages.policies.findings import NAME, policy_finding
from tailorbird.stages.policies.limits import check_limits
from tailorbird.stages.policies.reading import read_text
from tailorbird.stages.policies.required import check_required
from tailorbird.stages.policies.words import check_words
from tailorbird.types.candidate import Candidate
from tailorbird.types.verdict import Finding


class PolicyCheck:
    """Words, required lines, limits and notices of all packs. It knows every language, because limits hold in each;
    what packs cannot read, it says."""

    name = NAME
    languages: frozenset[str] = frozenset()

    def check(self, candidate: Candidate) -> Iterator[Finding]:
        """What the packs of the candidate's policy find. Without packs it finds nothing."""
        if not candidate.policy.packs:
            return
        compiled = compile_policy(candidate.policy, candidate.locale)
        reading = read_text(candidate.text)
        yield from check_words(reading, candidate, compiled)
        if compiled.required:
            yield from check_required(reading, compiled.required)
        if compiled.limits:
            yield from check_limits(candidate.text, compiled.limits)
        for one in compiled.notices:
            yield policy_finding(one, one.rule.severity, (0, 0), one.rule.reason)
        if compiled.strange:
            yield _unread(compiled, candidate)


def _unread(compiled: CompiledPolicy, candidate: Candidate) -> Finding:
    known = {pack.name: pack.languages for pack in candidate.policy.packs}
    told = ", ".join(f"{name} ({', '.join(known[name])})" for name in compiled.strange)
    language = candidate.language or "a language that is not named"
    reason = f"these packs cannot read {language}: {told}; limits were checked, words are for a person to judge"
    return Finding(NAME, "warning", (0, 0), "language", reason)
