"""What the closed vocabulary cannot decide, decided by a judge of entailment as far as it was calibrated."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tailorbird.ports.entailment import Entailment
from tailorbird.stages.validation.entailment import premises_of
from tailorbird.stages.validation.prose import ProseCheck
from tailorbird.types.candidate import Candidate
from tailorbird.types.entailment import Calibration
from tailorbird.types.verdict import Finding

CLAIMS_MAX = 8
_SENTENCE = re.compile(r"\S[^.!?]*(?:[.!?](?!\s|$)[^.!?]*)*[.!?]*")


@dataclass(frozen=True)
class EntailmentCheck:
    """Takes the place of the closed vocabulary where a judge is configured: each sentence with a word that is neither
    plain nor a fact's is a claim, and is held against the facts.

    What the facts entail with the calibrated probability passes, what they contradict is an error, all else is for a
    person. Without a calibration of this very judge nothing is decided.
    """

    judge: Entailment
    calibration: Calibration | None = None
    prose: ProseCheck = ProseCheck()  # noqa: RUF009 - frozen
    name: str = "entailment"
    languages: frozenset[str] = frozenset({"en", "de"})

    def check(self, candidate: Candidate) -> Iterable[Finding]:
        """One finding per sentence at most. GeneratorError: the judge did not answer."""
        premises = premises_of(candidate.facts)
        for n, (start, end) in enumerate(self._claims(candidate)):
            said = candidate.text[start:end]
            if n >= CLAIMS_MAX:
                reason = f"more than {CLAIMS_MAX} sentences that no rule decides: a person decides"
                yield Finding(self.name, "warning", (start, end), "undecided", reason, said)
                return
            yield from self._held(premises, said, (start, end), candidate.locale)

    def _claims(self, candidate: Candidate) -> Iterator[tuple[int, int]]:
        unread = replace(candidate, policy=replace(candidate.policy, attended=False))
        words = [found.span for found in self.prose.check(unread)]
        for match in _SENTENCE.finditer(candidate.text):
            if any(match.start() <= start and end <= match.end() for start, end in words):
                yield match.span()

    def _held(self, premises: tuple[str, ...], said: str, span: tuple[int, int], locale: str) -> Iterator[Finding]:
        known = self.calibration is not None and self.calibration.judge == self.judge.name
        thresholds = self.calibration.thresholds if self.calibration is not None and known else {}
        if not thresholds:
            reason = "no rule decides it, and the judge of entailment is not calibrated: a person decides"
            yield Finding(self.name, "warning", span, "undecided", reason, said)
            return
        entailed = self.judge.judge(premises, said, locale)
        if "contradict" in thresholds and entailed.contradict >= thresholds["contradict"]:
            reason = f"the facts speak against it (probability {entailed.contradict:.2f})"
            yield Finding(self.name, "error", span, "contradicted", reason, said, source=self.judge.name)
        elif not ("entail" in thresholds and entailed.entail >= thresholds["entail"]):
            reason = (
                f"the facts do not make it true surely enough (probability {entailed.entail:.2f}): a person decides"
            )
            yield Finding(self.name, "warning", span, "undecided", reason, said, source=self.judge.name)
