"""What the closed vocabulary cannot decide, with a judge behind a real server."""

from typing import Any

import pytest

from tailorbird.pipeline.validation.entailment_check import CLAIMS_MAX, EntailmentCheck
from tailorbird.pipeline.validation.validator import Validator
from tailorbird.types.entailment import Calibration
from tailorbird.types.fact import Entity, Fact, Facts
from tailorbird.types.policy import Policy
from tailorbird.types.verdict import Verdict

pytestmark = pytest.mark.slow

FACTS = Facts((Entity("k", ("Hobbin kettle",), (Fact("material", "steel"),)),))
PLAIN = "Have you seen the Hobbin kettle? It is steel."


def validator(judge: Any, thresholds: dict[str, float] | None, of: str = "") -> Validator:
    calibration = None if thresholds is None else Calibration(of or judge.name, 100, 0.9, thresholds)
    return Validator((), (EntailmentCheck(judge, calibration),), 20.0)


def judged(checks: Validator, text: str, attended: bool = False) -> Verdict:
    return checks(text, FACTS, Policy(attended=attended), "en-GB")


def test_entailed_passes_contradicted_is_stopped_and_the_rest_is_for_a_person(open_judge: Any, server: Any) -> None:
    checks = validator(open_judge()[0], {"entail": 0.9, "contradict": 0.9})
    for attended in (True, False):
        assert judged(checks, "The velvety kettle is surely steel.", attended).status == "pass"
        assert judged(checks, "The velvety kettle is wrong.", attended).status == "block"
        assert judged(checks, "The velvety kettle is here.", attended).status == "review"
    text = "It is steel. A wrong and velvety thing. Have a look."
    (found,) = judged(checks, text).findings
    assert (found.type, text[slice(*found.span)]) == ("contradicted", "A wrong and velvety thing.")


def test_what_rules_decide_is_not_asked(open_judge: Any, server: Any) -> None:
    assert judged(validator(open_judge()[0], {"entail": 0.9}), PLAIN).status == "pass"
    assert server.asked == []


def test_an_answer_that_is_not_sure_enough_is_for_a_person(open_judge: Any, server: Any) -> None:
    server.sureness = 0.8
    checks = validator(open_judge()[0], {"entail": 0.9, "contradict": 0.9})
    assert judged(checks, "The velvety kettle is surely steel.").status == "review"
    assert judged(checks, "The velvety kettle is wrong.").status == "review"


def test_a_judge_without_labels_of_its_own_decides_nothing_and_is_not_asked(open_judge: Any, server: Any) -> None:
    judge, _ = open_judge()
    for checks in (validator(judge, None), validator(judge, {}), validator(judge, {"entail": 0.1}, of="another")):
        assert judged(checks, "The velvety kettle is surely steel.").status == "review"
    assert server.asked == []


def test_a_judge_that_does_not_answer_makes_a_text_a_persons_matter(open_judge: Any, server: Any) -> None:
    server.status = 500
    verdict = judged(validator(open_judge()[0], {"entail": 0.9}), "The velvety kettle is surely steel.")
    assert (verdict.status, verdict.findings[0].type) == ("review", "crashed")


def test_a_text_of_many_claims_costs_no_more_than_a_few_questions(open_judge: Any, server: Any) -> None:
    text = " ".join(f"Velvety {chr(97 + n)}, surely." for n in range(20))
    assert judged(validator(open_judge()[0], {"entail": 0.9}), text).status == "review"
    assert len(server.asked) == CLAIMS_MAX
