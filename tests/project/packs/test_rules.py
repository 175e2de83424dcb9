"""The built-in packs on lines of our own: each rule has a text that trips it and one near by that does not."""

from pathlib import Path

import pytest

from tailorbird.project.pack_files import built_in_packs, read_built_in
from tailorbird.stages.policies.check import PolicyCheck
from tailorbird.stages.policies.compiled import place_rules
from tailorbird.stages.policies.phrases import phrase_pattern
from tailorbird.types.candidate import Candidate
from tailorbird.types.fact import Facts
from tailorbird.types.policy import Policy
from tailorbird.types.policy_pack import PolicyPack, PolicyRule
from tailorbird.types.verdict import Finding

HERE = Path(__file__).parent
PACKS = tuple(read_built_in(name) for name in built_in_packs())
RULES = {f"{pack.name}/{rule.id}": rule for pack in PACKS for rule in pack.rules}
SECTORS = ("gambling", "alcohol", "finance")
PLACES = (("email", "subject"), ("email", "headline"), ("sms", ""), ("push", "text"), ("meta", "caption"), ("x", ""))


def table(name: str) -> list[list[str]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [[part.strip() for part in line.split(" | ")] for line in lines if line and not line.startswith("#")]


def rows() -> list[tuple[str, str, str, str]]:
    return [(rule, language, trips, near) for rule, language, trips, near in table("rules.txt")]


def harmless() -> list[tuple[str, str]]:
    found = []
    for locale in ("en-GB", "de-DE"):
        file = HERE / f"harmless.{locale[:2]}.txt"
        found += [(locale, line) for line in file.read_text(encoding="utf-8").splitlines() if line]
    return found


def findings(text: str, locale: str, policy: Policy) -> list[Finding]:
    return list(PolicyCheck().check(Candidate(text, Facts(), policy, locale)))


def where(rule: PolicyRule) -> Policy:
    """A place where the rule holds, with every pack on."""
    channel = rule.channels[0] if rule.channels else "email"
    country = rule.countries[0] if rule.countries else "GB"
    block = rule.blocks[0] if rule.blocks else "headline"
    return Policy("meta" if channel == "ads" else channel, country, block, packs=PACKS, flags=frozenset(rule.flags))


@pytest.mark.slow
@pytest.mark.parametrize(("rule", "language", "trips", "near"), rows())
def test_a_rule_trips_on_what_it_is_for_and_not_on_what_is_near_by(
    rule: str, language: str, trips: str, near: str
) -> None:
    policy = where(RULES[rule])
    found = [one for one in findings(trips, language, policy) if one.type == rule]
    assert found, trips
    assert [one.severity for one in found] == [RULES[rule].severity] * len(found)
    assert [one.evidence for one in findings(near, language, policy) if one.type == rule] == []


def test_every_rule_of_words_has_a_line_that_trips_it_in_each_language_that_it_speaks() -> None:
    tried = {(rule, language) for rule, language, _, _ in rows()}
    spoken = {
        (name, language)
        for name, rule in RULES.items()
        if rule.kind == "words"
        for language in {*rule.phrases, *rule.patterns} - {"*"} or {"en"}
    }
    assert spoken - tried == set()


@pytest.mark.slow
@pytest.mark.parametrize("packs", [tuple(pack for pack in PACKS if pack.name not in SECTORS), PACKS])
def test_harmless_lines_pass_every_pack_wherever_they_stand(packs: tuple[PolicyPack, ...]) -> None:
    tripped = [
        (line, channel, one.type, one.evidence)
        for locale, line in harmless()
        for channel, block in PLACES
        for one in findings(
            line, locale, Policy(channel, "DE" if locale == "de-DE" else "GB", block, False, packs=packs)
        )
    ]
    assert tripped == []


@pytest.mark.slow
def test_violations_in_many_wordings_are_found_by_the_pack_that_is_for_them() -> None:
    missed = []
    for pack, language, text in table("violations.txt"):
        channel = "meta" if pack == "personal_attributes" else "email"
        policy = Policy(channel, "GB" if language == "en" else "DE", "subject", packs=PACKS)
        if not any(one.type.startswith(f"{pack}/") for one in findings(text, language, policy)):
            missed.append((pack, text))
    assert missed == []


def test_there_are_sixty_harmless_lines_of_each_language() -> None:
    lines = harmless()
    assert all(sum(locale == one for locale, _ in lines) >= 60 for one in ("en-GB", "de-DE"))


def test_every_built_in_rule_says_where_it_comes_from_and_when_that_was_checked() -> None:
    for pack in PACKS:
        assert pack.checked_on is not None
        assert all((rule.source or pack.source).strip() for rule in pack.rules)
        assert all(rule.mend or rule.kind == "limit" for rule in pack.rules), pack.name


@pytest.mark.slow
def test_every_built_in_wording_compiles_in_its_language() -> None:
    for pack in PACKS:
        for language in (*pack.languages, "fr"):
            for one in place_rules(pack, language):
                for phrase in (*one.phrases, *one.unless):
                    phrase_pattern(phrase.pattern, one.rule.cased)


def test_no_two_built_in_rules_contradict_each_other() -> None:
    from tailorbird.stages.policies.contradictions import find_contradictions

    assert [found.why for found in find_contradictions(PACKS)] == []
