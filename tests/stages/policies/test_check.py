import pytest

from tailorbird.pipeline.validation.validator import Validator
from tailorbird.project.pack_files import built_in_packs, read_built_in
from tailorbird.stages.policies.check import PolicyCheck
from tailorbird.types.candidate import Candidate
from tailorbird.types.fact import Facts
from tailorbird.types.policy import Policy
from tailorbird.types.verdict import Verdict

PACKS = tuple(read_built_in(name) for name in built_in_packs())


def judge(text: str, channel: str = "", block: str = "", country: str = "", *flags: str, locale: str = "en") -> Verdict:
    policy = Policy(channel, country, block, packs=PACKS, flags=frozenset(flags))
    return Validator([PolicyCheck()])(text, Facts(), policy, locale)


def types(verdict: Verdict) -> list[str]:
    return [found.type for found in verdict.findings]


def test_without_packs_nothing_is_found() -> None:
    assert list(PolicyCheck().check(Candidate("Hurry!!!", Facts(), Policy(), "en"))) == []


@pytest.mark.parametrize("text", ["x" * 31, "你" * 16])
def test_a_headline_of_31_columns_or_16_wide_characters_is_refused_for_responsive_search_ads(text: str) -> None:
    verdict = judge(text, "google_rsa", "headline", locale="en")
    assert (verdict.status, types(verdict)) == ("block", ["channel_limits/rsa_headline"])


def test_a_name_and_debts_in_an_ad_are_blocked_twice() -> None:
    verdict = judge("Anna, struggling with debt?", "meta", "headline")
    assert verdict.status == "block"
    assert types(verdict) == ["personal_attributes/name", "personal_attributes/finances"]
    assert "personal_attributes/name" not in types(judge("Anna, the mugs are back", "email", "headline"))


def test_a_personalised_price_in_new_york_needs_the_exact_sentence_beside_it() -> None:
    sentence = "THIS PRICE WAS SET BY AN ALGORITHM USING YOUR PERSONAL DATA."
    named = "ai_disclosure/ny_personalized_price"
    flag = "personalized_price"
    assert named in types(judge("The mug: $12.", "web", "offer", "US-NY", flag))
    assert named in types(judge(f"The mug: $12. {sentence.lower()}", "web", "offer", "US-NY", flag))
    assert named not in types(judge(f"The mug: $12. {sentence}", "web", "offer", "US-NY", flag))
    assert named not in types(judge("The mug is back.", "web", "offer", "US-NY", flag))
    assert named not in types(judge("The mug: $12.", "web", "offer", "US-NY"))
    assert named not in types(judge("The mug: $12.", "web", "offer", "US-CA", flag))


def test_performance_max_needs_one_short_headline() -> None:
    long = "\n".join(f"A headline of more than 15 {n}" for n in range(3))
    assert types(judge(long, "google_pmax", "headlines")) == ["channel_limits/pmax_headlines_short"]
    assert types(judge(f"{long}\nShort one", "google_pmax", "headlines")) == []


def test_segments_of_a_text_message_are_told() -> None:
    verdict = judge("a" * 160 + "€😀", "sms")
    assert (verdict.status, verdict.findings[0].evidence) == ("pass", "3 message segments, at most 1")


def test_media_of_a_machine_ask_a_person_where_platforms_differ() -> None:
    verdict = judge("The mugs are back", "meta", "caption", "US", "ai_media")
    assert (verdict.status, types(verdict)) == ("review", ["ai_disclosure/platform_label"])


def test_a_text_in_another_language_is_for_a_person_and_limits_still_hold() -> None:
    verdict = judge("Une bouilloire pour le thé du matin", "google_rsa", "headline", locale="fr-FR")
    assert types(verdict) == ["language", "channel_limits/rsa_headline"]
    assert "claims (en, de)" in verdict.findings[0].reason


@pytest.mark.parametrize("text", ["", "\u202eabc", "e\u0301" * 50, "١٢٣", "hurry " * 30_000, "a\x00b", "\ud800"])
def test_odd_texts_are_judged_with_spans_inside_of_them(text: str) -> None:
    for found in PolicyCheck().check(Candidate(text, Facts(), Policy("meta", "US", "primary_text", packs=PACKS), "en")):
        assert 0 <= found.span[0] <= found.span[1] <= len(text)
