"""The validator, with our own checks and those of installed packages."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from tailorbird.bootstrap.system import open_clock
from tailorbird.pipeline.validation.given_text import judge_given, read_policy
from tailorbird.pipeline.validation.validator import Validator
from tailorbird.plugins import find_checks
from tailorbird.ports.check import Check
from tailorbird.stages.facts.check import FactCheck
from tailorbird.stages.facts.given import Given, read_facts
from tailorbird.stages.validation.lexicon import lexicon_for
from tailorbird.types.fact import Facts
from tailorbird.types.policy import Policy
from tailorbird.types.verdict import Verdict


def open_validator() -> Validator:
    """A validator with every check that there is."""
    return Validator(own_checks(), tuple(find_checks()))


def own_checks() -> tuple[Check, ...]:
    """Our own checks, the quickest first."""
    return (FactCheck(lambda language: lexicon_for(language).plain),)


def validate(
    text: str,
    facts: Facts | Mapping[str, Any] | None = None,
    policy: Policy | Mapping[str, Any] | None = None,
    locale: str = "en",
) -> Verdict:
    """Judge one text by every check that there is; what `tailorbird.validate` calls. The validator is opened once."""
    given = facts if isinstance(facts, Facts) else Facts() if facts is None else read_facts(facts)
    return judge_given(_validator(), text, read_as_of(given, open_clock().now()), read_policy(policy), locale)


def read_as_of(given: Given | Facts, now: datetime) -> Given:
    """The facts as of the moment that they name, or else as of now."""
    read = given if isinstance(given, Given) else Given(given)
    return read if read.facts.as_of else replace(read, facts=replace(read.facts, as_of=now))


@cache
def _validator() -> Validator:
    return open_validator()
