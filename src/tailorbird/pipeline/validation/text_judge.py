"""One text after another, each with the facts it was handed in with, or those of a project's items."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from tailorbird.pipeline.validation.catalog_facts import CatalogFacts
from tailorbird.pipeline.validation.given_text import GivenError, judge_given, read_policy
from tailorbird.pipeline.validation.validator import Validator
from tailorbird.ports.clock import Clock
from tailorbird.project.policies import Policies
from tailorbird.stages.facts.given import Given, read_facts
from tailorbird.types.fact import Facts
from tailorbird.types.policy import Policy
from tailorbird.types.verdict import Verdict

_POLICY = ("channel", "country", "block", "attended", "packs", "flags")
KEYS = ("facts", "items", "locale", *_POLICY)
"""What may be said beside a text."""


@dataclass(frozen=True)
class TextJudge:
    """Judges texts; what a text does not say itself is taken from here.

    `given` are facts for texts without their own, `items` those of `catalog` that they are about. Facts without a
    moment are read as of the clock's now. `policies` are a project's: its own packs, and its evidence, which allows
    claims wherever a text's facts name none.
    """

    validator: Validator
    clock: Clock
    catalog: CatalogFacts | None = None
    given: Given | None = None
    items: Sequence[str] = ()
    locale: str = "en"
    policy: Policy = field(default_factory=Policy)
    policies: Policies = field(default_factory=Policies)

    def judge(self, text: str, beside: Mapping[str, Any] | None = None) -> tuple[Verdict, str]:
        """(the verdict, the locale that the text was read in). `beside` has some of KEYS.

        TailorbirdError: facts, items, locale or policy that cannot be used.
        """
        told = {key: value for key, value in (beside or {}).items() if value is not None}
        locale = told.get("locale") or self.locale
        own: dict[str, Any] = {key: told[key] for key in _POLICY if key in told}
        policy = self.policy
        if own:
            read = read_policy(own, self.policies.own)
            policy = replace(policy, **{key: getattr(read, key) for key in own})
        return judge_given(self.validator, text, self._facts(told, locale), policy, locale), locale

    def _facts(self, told: Mapping[str, Any], locale: str) -> Given:
        if "facts" in told and told.get("items"):
            raise GivenError("give facts or items, not both")
        now = self.clock.now()
        given = read_facts(told["facts"]) if "facts" in told else None if told.get("items") else self.given
        if given is None:
            items = told.get("items") or self.items
            if items and self.catalog is None:
                raise GivenError("items are those of a project: name one, or give facts")
            given = Given(self.catalog.of(items, locale, now) if items and self.catalog else Facts())
        if not given.facts.evidence and (evidence := self.policies.evidence(now.date(), _only(told, self.items))):
            given = replace(given, facts=replace(given.facts, evidence=evidence))
        return read_as_of(given, now)


def _only(told: Mapping[str, Any], items: Sequence[str]) -> str:
    """The one item that a text is about, '' where there are several: evidence for one is none for the other."""
    about = told.get("items") or items
    return str(about[0]) if len(about) == 1 else ""


def read_as_of(given: Given, now: datetime) -> Given:
    """The facts as of the moment that they name, or else as of now."""
    return given if given.facts.as_of else replace(given, facts=replace(given.facts, as_of=now))
