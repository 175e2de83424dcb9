"""A judge behind a real server."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tailorbird.pipeline.model_calls import PromptRefusedError, VendorRules
from tailorbird.ports.generator import GeneratorError
from tailorbird.testing.entailment_conformance import CHECKS
from tailorbird.types.settings import TermsSettings

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("check", CHECKS)
def test_the_judge_passes_the_suite(open_judge: Any, check: Callable[[Any], None]) -> None:
    check(lambda: open_judge()[0])


def test_an_answer_is_asked_for_once_for_the_same_premises_claim_and_model(open_judge: Any, server: Any) -> None:
    judge, exposures = open_judge()
    found = judge.judge(["It is steel"], "It is surely steel", "en-GB")
    assert found.entail == pytest.approx(0.97)
    again, _ = open_judge()  # another process with the same cache
    assert again.judge(["It is steel"], "It is surely steel", "en-GB") == found
    assert len(server.asked) == 1
    judge.judge(["It is copper"], "It is surely steel", "en-GB")
    assert len(server.asked) == 2
    assert sorted(one.state for one in exposures.find()) == ["answered", "answered", "cache"]
    assert {one.contents.block for one in exposures.find()} == {"entailment"}


def test_what_is_personal_is_masked_before_the_judge_reads_it(open_judge: Any, server: Any) -> None:
    judge, exposures = open_judge(VendorRules(TermsSettings("eu", 0, False, "dpa-1")))
    judge.judge(["Write to ana@private.example"], "Ana is sure", "en-GB")
    assert "ana@" not in server.asked[0]
    assert next(iter(exposures.find())).masked == {"email": 1}


def test_a_vendor_whose_terms_forbid_it_is_not_asked(open_judge: Any, server: Any) -> None:
    judge, _ = open_judge(VendorRules(knowledge=frozenset({"item.tips_text"})), ("item.name", "item.tips_text"))
    with pytest.raises(PromptRefusedError, match="knowledge"):
        judge.judge(["It is steel"], "It is sure", "en-GB")
    assert server.asked == []


def test_a_server_that_fails_is_no_answer(open_judge: Any, server: Any) -> None:
    server.status = 500
    with pytest.raises(GeneratorError):
        open_judge()[0].judge([], "It is sure", "en-GB")


def test_another_prompt_is_another_judge(open_judge: Any) -> None:
    judge, _ = open_judge()
    assert replace(judge, prompt=replace(judge.prompt, digest="other")).name != judge.name
