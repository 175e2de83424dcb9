"""The fact check: what a text claims, held against the facts that it may state (a check of the validator)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tailorbird.stages.facts.assertions import check_assertions
from tailorbird.stages.facts.figures import check_codes, check_dates, check_numbers
from tailorbird.stages.facts.index import index_of
from tailorbird.stages.facts.languages import language_of
from tailorbird.stages.facts.reading import CHECK, Reading
from tailorbird.stages.facts.values import check_built_in, check_names, check_other_names, check_vocabulary, take_values
from tailorbird.stages.facts.yes_no import check_yes_no
from tailorbird.types.candidate import Candidate
from tailorbird.types.verdict import Finding


@dataclass(frozen=True, slots=True)
class FactCheck:
    """Figures, dates, names, values, yes or no, and claims in words. `plain` gives a language's everyday words."""

    plain: Callable[[str], frozenset[str]]
    name: str = CHECK
    languages: frozenset[str] = frozenset({"en", "de"})

    def check(self, candidate: Candidate) -> Iterable[Finding]:
        """Findings name the attribute and its true value in `evidence` ('weight: 1.1 kg')."""
        language = language_of(candidate.language)
        if language is None:
            return ()
        index = index_of(candidate.facts, language)
        reading = Reading(candidate.text, language, index, candidate.policy.attended)
        take_values(reading)
        check_dates(reading, candidate.locale[-2:].upper())
        check_yes_no(reading)
        check_other_names(reading)
        for first, last, _ in index.attribute_names.find(reading.tokens):
            reading.take(first, last)
        plain = self.plain(candidate.language)
        check_vocabulary(reading, plain)
        check_built_in(reading)
        check_numbers(reading)
        check_codes(reading)
        check_assertions(reading)
        check_names(reading, plain)
        _check_required(reading)
        return reading.findings


def _check_required(reading: Reading) -> None:
    """Facts that must be stated."""
    index = reading.index
    for name in sorted(index.facts.required - reading.stated):
        shown = [value.shown for value in index.names.get(name, ())]
        shown += [number.shown for number in index.numbers if number.name == name and number.shown not in shown]
        shown += [f"{day.first}" for day in index.dates if day.name == name]
        shown += ["yes" if fact.is_so else "no" for fact in index.yes_no if fact.name == name]
        shown = list(dict.fromkeys(shown))
        if shown:
            reason = f"{name} must be stated, and is not"
            evidence = f"{name}: {', '.join(shown)}"
            reading.findings.append(Finding(CHECK, "error", (0, 0), "missing_fact", reason, evidence))
