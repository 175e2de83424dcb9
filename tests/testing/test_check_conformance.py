"""Our own checks keep the promises of a check, and the suite finds checks that do not."""

import itertools
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from tailorbird.bootstrap import own_checks
from tailorbird.ports.check import Check
from tailorbird.testing import check_conformance as suite
from tailorbird.testing.check_conformance import CHECKS, MakeCheck
from tailorbird.types.candidate import Candidate
from tailorbird.types.verdict import Finding


@pytest.mark.slow
@pytest.mark.parametrize("promise", CHECKS, ids=lambda promise: promise.__name__)
@pytest.mark.parametrize("name", [check.name for check in own_checks()])
def test_our_own_checks_keep_every_promise(name: str, promise: Callable[[MakeCheck], None]) -> None:
    promise(lambda: next(check for check in own_checks() if check.name == name))


class Quiet:
    """A check that finds nothing."""

    name = "quiet"
    languages: frozenset[str] = frozenset()

    def check(self, candidate: Candidate) -> Iterable[Finding]:
        return ()


def shout(candidate: Candidate, **changes: Any) -> Iterator[Finding]:
    told = {"check": "quiet", "severity": "error", "span": (0, 1), "type": "t", "reason": "r", **changes}
    yield Finding(**told)


class Nameless(Quiet):
    name = ""


class InEnglish(Quiet):
    languages = frozenset({"English"})


class OneLocale(Quiet):
    languages = frozenset({"en"})

    def check(self, candidate: Candidate) -> Iterable[Finding]:
        return {"en-GB": ()}[candidate.locale]


class Beyond(Quiet):
    def check(self, candidate: Candidate) -> Iterable[Finding]:
        return shout(candidate, span=(0, len(candidate.text) + 1))


class WithoutReason(Quiet):
    def check(self, candidate: Candidate) -> Iterable[Finding]:
        return shout(candidate, reason="")


class OtherName(Quiet):
    def check(self, candidate: Candidate) -> Iterable[Finding]:
        return shout(candidate, check="other")


class InAscii(Quiet):
    def check(self, candidate: Candidate) -> Iterable[Finding]:
        candidate.text.encode("ascii", "strict" if "🫖" in candidate.text else "ignore")
        return ()


class Backtracks(Quiet):
    def check(self, candidate: Candidate) -> Iterable[Finding]:
        # Slow enough to be caught, not so slow that this test would not end.
        return [f for _ in range(20) for f in shout(candidate) if re.search(r"\(+x", candidate.text)]


class Remembers(Quiet):
    def __init__(self) -> None:
        self.seen: set[str] = set()

    def check(self, candidate: Candidate) -> Iterable[Finding]:
        found = list(shout(candidate)) if candidate.text[:1] in self.seen else []
        self.seen.add(candidate.text[:1])
        return found


class Counts(Quiet):
    def __init__(self) -> None:
        self.numbers = itertools.count()

    def check(self, candidate: Candidate) -> Iterable[Finding]:
        return shout(candidate, reason=f"text {next(self.numbers)}")


class Edits(Quiet):
    def check(self, candidate: Candidate) -> Iterable[Finding]:
        candidate.facts.evidence["seen"] = candidate.text  # type: ignore[index]
        return ()


@pytest.mark.parametrize(
    ("wrong", "promise"),
    [
        (Nameless, suite.check_the_name_is_set),
        (InEnglish, suite.check_languages_are_codes),
        (OneLocale, suite.check_every_language_that_it_names_is_judged),
        (Beyond, suite.check_findings_are_whole),
        (WithoutReason, suite.check_findings_are_whole),
        (OtherName, suite.check_findings_are_whole),
        (InAscii, suite.check_awkward_texts_are_judged),
        (Remembers, suite.check_the_same_text_has_the_same_findings_after_others),
        (Counts, suite.check_threads_do_not_disturb_each_other),
        (Edits, suite.check_the_candidate_is_left_as_it_was),
    ],
)
def test_a_check_that_breaks_a_promise_is_found(
    wrong: Callable[[], Check], promise: Callable[[MakeCheck], None]
) -> None:
    with pytest.raises((AssertionError, KeyError, UnicodeEncodeError)):
        promise(wrong)


def test_a_check_that_finds_nothing_keeps_them_all() -> None:
    for promise in CHECKS:
        promise(Quiet)


@pytest.mark.slow
def test_a_check_that_takes_too_long_is_found() -> None:
    with pytest.raises(AssertionError, match="seconds for 10,000 characters"):
        suite.check_long_texts_are_judged_in_time(Backtracks)
