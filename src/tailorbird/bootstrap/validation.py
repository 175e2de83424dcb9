"""The validator, with our own checks and those of installed packages."""

from tailorbird.pipeline.validation.validator import Validator
from tailorbird.plugins import find_checks
from tailorbird.ports.check import Check
from tailorbird.stages.facts.check import FactCheck
from tailorbird.stages.validation.lexicon import lexicon_for


def open_validator() -> Validator:
    """A validator with every check that there is."""
    return Validator(own_checks(), tuple(find_checks()))


def own_checks() -> tuple[Check, ...]:
    """Our own checks, the quickest first."""
    return (FactCheck(lambda language: lexicon_for(language).plain),)
