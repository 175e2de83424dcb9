"""Personal data of somebody else in a text: an address, a number, an account that is neither the brand's nor a fact."""

import re
from collections.abc import Iterable, Iterator

from tailorbird.stages.privacy.masking import LABELS, Found, Masker, MaskingRules
from tailorbird.types.candidate import Candidate
from tailorbird.types.fact import Facts
from tailorbird.types.folded import fold
from tailorbird.types.verdict import Finding, Severity

NAME = "personal_data"
# A name that stands in the words around it, or a handle, may be anybody's who is meant to be named: a person decides.
_DOUBTFUL = ("name", "handle", "url", "ip")
_DIGITS_MIN = 6


class PersonalDataCheck:
    """Finds by the patterns and check digits of masking. A project's `masker` knows what is its own; without one,
    telephone numbers are read as those of the country of the candidate's locale."""

    name = NAME
    languages: frozenset[str] = frozenset()

    def __init__(self, masker: Masker | None = None) -> None:
        self._own = masker
        self._maskers: dict[str, Masker] = {}

    def check(self, candidate: Candidate) -> Iterable[Finding]:
        """A finding for each thing that is somebody's and not among the subjects' facts and names."""
        found = self._masker(candidate.locale).find(candidate.text)
        if not found:
            return
        known = list(_stated(candidate.facts))
        for one in found:
            words = candidate.text[one.start : one.end]
            if not _is_known(one, words, known):
                severity: Severity = "warning" if one.kind in _DOUBTFUL else "error"
                reason = f"somebody's {LABELS[one.kind]}, which no fact here states"
                yield Finding(NAME, severity, (one.start, one.end), one.kind, reason, words)

    def _masker(self, locale: str) -> Masker:
        if self._own is not None:
            return self._own
        country = locale.replace("_", "-").partition("-")[2].upper()
        if country not in self._maskers:
            self._maskers[country] = Masker(MaskingRules(regions=(country,) if len(country) == 2 else ()))
        return self._maskers[country]


def _stated(facts: Facts) -> Iterator[str]:
    """What the facts say of the subjects in words, folded: their names, and every value that is text."""
    for subject in facts.subjects:
        for words in (*subject.names, *(fact.value for fact in subject.facts if isinstance(fact.value, str))):
            yield fold(words).text.casefold()


def _is_known(one: Found, words: str, known: list[str]) -> bool:
    plain = fold(words).text.casefold().strip(" .,;")
    digits = re.sub(r"\D", "", plain).lstrip("0")
    for stated in known:
        if plain in stated:
            return True
        if len(digits) >= _DIGITS_MIN and one.kind != "email" and digits in re.sub(r"\D", "", stated):
            return True
    return False
