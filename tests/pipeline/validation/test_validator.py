"""The validator: every check, whatever becomes of one of them."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tailorbird.pipeline.validation.validator import TEXT_CHARS_MAX, Validator
from tailorbird.types.candidate import Candidate
from tailorbird.types.fact import Facts
from tailorbird.types.policy import Policy
from tailorbird.types.verdict import Finding, Verdict

HANGS = threading.Event()


@dataclass
class Look:
    """A check that does what the test says."""

    name: str
    act: Callable[[Candidate], Iterable[Finding]]
    languages: frozenset[str] = field(default_factory=frozenset)

    def check(self, candidate: Candidate) -> Iterable[Finding]:
        return self.act(candidate)


def fault(candidate: Candidate) -> list[Finding]:
    at = candidate.text.find("bad")
    return [Finding("words", "error", (at, at + 3), "bad", "a bad word", repair="good")] if at >= 0 else []


def crash(candidate: Candidate) -> list[Finding]:
    raise ZeroDivisionError("by nothing")


def hang(candidate: Candidate) -> list[Finding]:
    HANGS.wait(20)
    return []


def judge(validator: Validator, text: str, locale: str = "en-GB") -> Verdict:
    return validator(text, Facts(), Policy(), locale)


def test_a_text_without_findings_passes_and_one_with_a_repairable_fault_is_to_be_repaired() -> None:
    validator = Validator([Look("words", fault)])
    assert judge(validator, "a good day").status == "pass"
    verdict = judge(validator, "a bad day")
    assert verdict.status == "repair" and verdict.text[slice(*verdict.findings[0].span)] == "bad"


def test_a_check_that_crashes_asks_for_a_person_and_the_others_still_run() -> None:
    verdict = judge(Validator([Look("broken", crash)], [Look("words", fault), Look("broken2", crash)]), "a bad day")
    assert [found.type for found in verdict.findings] == ["crashed", "crashed", "bad"]
    assert judge(Validator([Look("broken", crash)]), "a good day").status == "review"


def test_a_check_that_points_outside_of_the_text_counts_as_crashed() -> None:
    beyond = Look("beyond", lambda candidate: [Finding("beyond", "info", (0, len(candidate.text) + 1), "x", "y")])
    assert judge(Validator([beyond]), "a day").findings[0].type == "crashed"


def test_a_severity_that_nobody_knows_counts_as_crashed_and_not_as_nothing() -> None:
    fatal = Look("fatal", lambda candidate: [Finding("fatal", "fatal", (0, 1), "x", "y")])  # type: ignore[arg-type]
    assert judge(Validator([fatal]), "a day").status == "review"


def test_a_plugin_that_hangs_asks_for_a_person_and_is_not_waited_for_twice() -> None:
    validator = Validator([], [Look("slow", hang)], timeout_s=0.05)
    first = judge(validator, "a day")
    assert (first.status, first.findings[0].type) == ("review", "timed_out")
    validator.timeout_s = 60.0  # were it asked again, this test would not end
    assert judge(validator, "a day").findings[0].type == "timed_out"
    HANGS.set()


def test_a_language_that_a_check_does_not_understand_is_left_to_a_person() -> None:
    verdict = judge(Validator([Look("words", fault, frozenset({"de", "en"}))]), "une journée", "fr-FR")
    assert verdict.status == "review" and "de, en, not fr" in verdict.findings[0].reason


def test_an_empty_text_and_one_that_is_too_large_are_blocked_with_the_reason() -> None:
    validator = Validator([Look("words", fault)])
    assert [judge(validator, text).findings[0].type for text in ("", " \n", "x" * (TEXT_CHARS_MAX + 1))] == [
        "empty", "empty", "too_large",
    ]  # fmt: skip
