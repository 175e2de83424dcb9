"""Texts as somebody hands them in."""

from typing import Any

import pytest

from tailorbird.pipeline.validation.given_text import (
    FINDINGS_MAX,
    GivenError,
    judge_given,
    looks_like_html,
    read_policy,
    verdict_document,
)
from tailorbird.pipeline.validation.validator import TEXT_CHARS_MAX, Validator
from tailorbird.project.pack_files import read_built_in
from tailorbird.stages.facts.given import Given, Unusable, read_facts
from tailorbird.types.candidate import Candidate
from tailorbird.types.fact import Facts
from tailorbird.types.policy import Policy
from tailorbird.types.verdict import Finding, Verdict

NO_FACTS = Given(Facts())


class Shouts:
    """A check that finds capital letters."""

    name, languages = "shouts", frozenset[str]()

    def check(self, candidate: Candidate) -> list[Finding]:
        at = candidate.text.find("LOUD")
        return [Finding("shouts", "error", (at, at + 4), "loud", "do not shout", repair="loud")] if at >= 0 else []


def judge(text: Any, given: Given = NO_FACTS, locale: Any = "en-GB") -> Verdict:
    return judge_given(Validator([Shouts()]), text, given, Policy(), locale)


def test_facts_that_could_not_be_used_are_told_and_change_nothing() -> None:
    verdict = judge("a day", read_facts({"name": "Hobbin", "price": None}))
    assert verdict.status == "pass"
    assert [(f.severity, f.type, f.reason[:13]) for f in verdict.findings] == [
        ("info", "unusable_fact", "price is null")
    ]


def test_of_very_many_unusable_facts_the_first_are_told() -> None:
    verdict = judge("a day", Given(Facts(), tuple(Unusable(f"f{n}", "is null") for n in range(200))))
    assert len(verdict.findings) == 51 and verdict.findings[-1].reason == "150 more facts could not be used"


def test_html_is_judged_by_its_visible_text_and_asks_for_a_person() -> None:
    verdict = judge("<p>A <b>fine</b> day</p><script>LOUD</script>")
    assert (verdict.status, verdict.text, verdict.findings[0].type) == ("review", "A fine day", "html")
    verdict = judge("<div>A LOUD day</div>")
    assert verdict.status == "block" and verdict.text[slice(*verdict.findings[1].span)] == "LOUD"
    assert judge("<p><img src='x.png'></p>").status == "block", "a picture alone is no text"


@pytest.mark.parametrize(
    ("text", "is_html"),
    [
        ("<!DOCTYPE html><html>…</html>", True),
        (' <p class="x">a</p>\n', True),
        ("a <b>day</b>", False),
        ("<3 you", False),
        ("<heart> of glass>", False),
        ("<p> is a tag", False),
        ("5 < 6 > 4", False),
    ],
)
def test_what_looks_like_html_as_a_whole(text: str, is_html: bool) -> None:
    assert looks_like_html(text) is is_html


def test_a_text_of_a_megabyte_is_one_finding_be_it_text_or_html() -> None:
    for text in ("a " * (TEXT_CHARS_MAX // 2 + 1), "<p>" + "a" * TEXT_CHARS_MAX + "</p>"):
        (found,) = judge(text).findings
        assert found.type == "too_large" and f"{len(text):,} characters" in found.reason


@pytest.mark.parametrize(
    ("text", "locale", "why"),
    [
        (None, "en", "must be a text, not NoneType"),
        (b"a day", "en", "not bytes"),
        ("a \ud800 day", "en", "half a character .* at 2"),
        ("a day", "", "'' is no locale"),
        ("a day", "english please", "is no locale"),
        ("a day", None, "'None' is no locale"),
    ],
)
def test_what_cannot_be_judged_at_all_is_one_error(text: Any, locale: Any, why: str) -> None:
    with pytest.raises(GivenError, match=why):
        judge(text, locale=locale)


def test_a_policy_is_read_from_a_mapping() -> None:
    assert read_policy({"channel": "email", "country": "GB", "attended": False}) == Policy("email", "GB", "", False)
    assert read_policy(None) == Policy() and read_policy(Policy("sms")) == Policy("sms")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"chanel": "email"}, "unknown key 'chanel'; known: channel, country, block, attended"),
        ({"channel": 3}, "channel must be text"),
        ({"channel": "emial"}, "no channel 'emial'.*there are: email, sms"),
        ({"attended": "no"}, "attended must be true or false"),
        ({"country": "Germany"}, "'Germany' is no ISO 3166 code"),
        (["email"], "must be an object"),
    ],
)
def test_a_policy_of_a_wrong_form_says_what_is_wrong(given: Any, why: str) -> None:
    with pytest.raises(GivenError, match=why):
        read_policy(given)


def test_packs_and_flags_of_a_policy_are_names() -> None:
    own = read_built_in("urgency")
    policy = read_policy({"packs": ["claims", "mine", "claims"], "flags": ["ai_media"]}, {"mine": own})
    assert policy.packs == (read_built_in("claims"), own)
    assert policy.flags == {"ai_media"}


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"packs": ["claim"]}, "no policy pack 'claim'; did you mean 'claims'"),
        ({"packs": "claims"}, "packs must be a list of names"),
        ({"flags": [3]}, "flags must be a list of names"),
        ({"flags": ["ai_medium"]}, "no flag 'ai_medium'; did you mean 'ai_media'"),
    ],
)
def test_packs_and_flags_that_are_none_are_told(given: Any, why: str) -> None:
    with pytest.raises(GivenError, match=why):
        read_policy(given)


def test_a_verdict_as_json_has_the_words_at_the_span() -> None:
    document = verdict_document(judge("a LOUD day"), "en-GB")
    assert document["status"] == "repair" and document["locale"] == "en-GB" and document["text"] == "a LOUD day"
    assert document["findings"] == [
        {
            "check": "shouts", "severity": "error", "span": [2, 6], "words": "LOUD", "type": "loud",
            "reason": "do not shout", "evidence": "", "repair": "loud", "source": "",
        }
    ]  # fmt: skip


def test_of_very_many_findings_the_first_are_kept_and_the_status_is_that_of_all() -> None:
    class Letters:
        name, languages = "letters", frozenset[str]()

        def check(self, candidate: Candidate) -> list[Finding]:
            found = [Finding("letters", "info", (at, at + 1), "letter", "a letter") for at in range(FINDINGS_MAX)]
            return [*found, Finding("letters", "error", (FINDINGS_MAX, FINDINGS_MAX + 1), "last", "the last")]

    verdict = judge_given(Validator([Letters()]), "a" * (FINDINGS_MAX + 1), NO_FACTS, Policy(), "en")
    assert verdict.status == "block" and len(verdict.findings) == FINDINGS_MAX + 1
    assert verdict.findings[-1].reason == "1 more findings are not listed"
