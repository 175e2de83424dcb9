"""Texts with what they bring along, and what is taken from the judge."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import pytest

from tailorbird.pipeline.validation.given_text import GivenError
from tailorbird.pipeline.validation.text_judge import TextJudge, read_as_of
from tailorbird.pipeline.validation.validator import Validator
from tailorbird.project.policies import Policies
from tailorbird.stages.facts.given import Given, read_facts
from tailorbird.types.candidate import Candidate
from tailorbird.types.fact import Facts
from tailorbird.types.policy import Policy
from tailorbird.types.policy_pack import Evidence, PolicyFile, PolicyPack, PolicyRule
from tailorbird.types.verdict import Finding

NOW = datetime(2026, 11, 26, tzinfo=UTC)


class Noon:
    """A clock that stands."""

    def now(self) -> datetime:
        return NOW


class Seen:
    """A check that keeps what it was given."""

    name, languages = "seen", frozenset[str]()

    def __init__(self) -> None:
        self.candidates: list[Candidate] = []

    def check(self, candidate: Candidate) -> list[Finding]:
        self.candidates.append(candidate)
        return []


def judged(beside: Mapping[str, Any] | None = None, **settings: Any) -> Candidate:
    seen = Seen()
    TextJudge(Validator([seen]), Noon(), **settings).judge("a day", beside)
    return seen.candidates[0]


def test_a_text_that_says_nothing_itself_is_judged_by_what_the_judge_has() -> None:
    given = read_facts({"name": "Hobbin", "price": "48 GBP"})
    candidate = judged(given=given, locale="de-DE", policy=Policy("email", "DE"))
    assert (candidate.locale, candidate.policy) == ("de-DE", Policy("email", "DE"))
    assert candidate.facts.subjects == given.facts.subjects and candidate.facts.as_of == NOW


def test_what_a_text_says_itself_comes_first() -> None:
    beside = {"facts": {"name": "Pellow"}, "locale": "en-GB", "channel": "sms", "attended": False, "country": None}
    candidate = judged(
        beside, given=read_facts({"name": "Hobbin"}), locale="de", policy=Policy("email", "DE", "subject")
    )
    assert candidate.facts.subjects[0].names == ("Pellow",) and candidate.locale == "en-GB"
    assert candidate.policy == Policy("sms", "DE", "subject", False)


def test_facts_keep_the_moment_that_they_name() -> None:
    then = datetime(2026, 6, 1, tzinfo=UTC)
    assert read_as_of(Given(Facts(as_of=then)), NOW).facts.as_of == then
    assert read_as_of(Given(Facts()), NOW).facts.as_of == NOW


@pytest.mark.parametrize(
    ("beside", "why"),
    [
        ({"facts": {}, "items": ["a"]}, "not both"),
        ({"items": ["a"]}, "name one, or give facts"),
        ({"channel": 3}, "must be text"),
    ],
)
def test_what_does_not_go_together_is_one_error(beside: dict[str, Any], why: str) -> None:
    with pytest.raises(GivenError, match=why):
        judged(beside)


def test_a_project_s_evidence_and_own_packs_are_used() -> None:
    seen = Seen()
    own = PolicyPack("house", "1", "s", "s", (PolicyRule("r", "w", notice=True),), date(2026, 1, 1))
    evidence = {"health/a": Evidence("folder"), "label/b": Evidence("folder", items=("pot",))}
    policies = Policies(file=PolicyFile(evidence=evidence), own={"house": own})
    judge = TextJudge(Validator([seen]), Noon(), policies=policies)
    judge.judge("A pot.", {"packs": ["house"], "flags": ["ai_media"], "channel": "meta"})
    (candidate,) = seen.candidates
    assert candidate.policy == Policy("meta", packs=(own,), flags=frozenset({"ai_media"}))
    assert candidate.facts.evidence == {"health/a": "folder"}


def test_a_text_s_own_evidence_stays() -> None:
    seen = Seen()
    policies = Policies(file=PolicyFile(evidence={"health/a": Evidence("folder")}))
    given = Given(Facts(evidence={"health/own": "here"}))
    TextJudge(Validator([seen]), Noon(), given=given, policies=policies).judge("A pot.")
    assert seen.candidates[0].facts.evidence == {"health/own": "here"}
