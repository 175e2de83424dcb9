"""Packs compiled for one place: the rules that hold there, and the words that a text must have for any to apply."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import regex

from tailorbird.stages.policies.phrases import Phrase, parse_phrase
from tailorbird.stages.policies.user_patterns import compile_pattern
from tailorbird.types.countries import GROUPS
from tailorbird.types.policy import Policy
from tailorbird.types.policy_pack import ADS, PolicyPack, PolicyRule, Texts, listed


@dataclass(frozen=True, slots=True)
class PlacedRule:
    """A rule with the pack it is of, and its wordings in the text's language."""

    pack: PolicyPack
    rule: PolicyRule
    phrases: tuple[Phrase, ...] = ()
    patterns: tuple["regex.Pattern[str]", ...] = ()
    unless: tuple[Phrase, ...] = ()
    lines: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The rule's name beyond its pack: 'claims/health_cure'."""
        return f"{self.pack.name}/{self.rule.id}"


@dataclass(frozen=True, slots=True)
class CompiledPolicy:
    """What holds in one place and language. `by_word` and `by_mark` lead from what is in a text to the phrases that it
    may have; `strange` are packs whose words cover other languages than the text's."""

    anchors: frozenset[str]
    by_word: Mapping[str, tuple[tuple[PlacedRule, Phrase], ...]]
    by_mark: tuple[tuple[str, PlacedRule, Phrase], ...]
    patterned: tuple[PlacedRule, ...]
    required: tuple[PlacedRule, ...]
    limits: tuple[PlacedRule, ...]
    notices: tuple[PlacedRule, ...]
    strange: tuple[str, ...]


def compile_policy(policy: Policy, locale: str) -> CompiledPolicy:
    """The packs of a policy, compiled once per place and locale. ValueError: a wording that is none."""
    return _compile(policy.packs, locale, policy.channel, policy.country, policy.block, policy.flags)


@lru_cache(maxsize=512)
def _compile(
    packs: tuple[PolicyPack, ...], locale: str, channel: str, country: str, block: str, flags: frozenset[str]
) -> CompiledPolicy:
    placed = [
        one
        for pack in packs
        for one in place_rules(pack, locale)
        if holds_at(one.rule, channel, country, block) and flags.issuperset(one.rule.flags)
    ]
    by_word: dict[str, list[tuple[PlacedRule, Phrase]]] = {}
    for one in placed:
        for phrase in one.phrases:
            for anchor in phrase.anchors:
                by_word.setdefault(anchor, []).append((one, phrase))
    worded = {one.pack.name for one in placed if one.rule.kind in ("words", "required")}
    language = language_of(locale)
    strange = [p.name for p in packs if p.name in worded and p.languages and language not in p.languages]
    kinds: dict[str, list[PlacedRule]] = {"required": [], "limit": [], "notice": [], "words": []}
    for one in placed:
        kinds[one.rule.kind].append(one)
    return CompiledPolicy(
        frozenset(by_word),
        {word: tuple(found) for word, found in by_word.items()},
        tuple((phrase.marks[0], one, phrase) for one in placed for phrase in one.phrases if not phrase.anchors),
        tuple(one for one in placed if one.patterns),
        tuple(one for one in kinds["required"] if one.lines),
        tuple(kinds["limit"]),
        tuple(kinds["notice"]),
        tuple(strange),
    )


@lru_cache(maxsize=512)
def place_rules(pack: PolicyPack, locale: str) -> tuple[PlacedRule, ...]:
    """A pack's rules with their wordings in one locale. ValueError: a phrase or a pattern that is none."""
    language = language_of(locale)
    return tuple(
        PlacedRule(
            pack,
            rule,
            tuple(parse_phrase(text, language) for text in _spoken(rule.phrases, locale)),
            tuple(compile_pattern(text, rule.cased) for text in _spoken(rule.patterns, locale)),
            tuple(parse_phrase(text, language) for text in _spoken(rule.unless, locale)),
            tuple(_spoken(rule.lines, locale)),
            tuple(hint.lower() for hint in rule.hints),
        )
        for rule in pack.rules
    )


def _spoken(texts: Mapping[str, Texts], locale: str) -> Iterator[str]:
    """What is written for every language ('*'), for the locale's language, and for the locale itself."""
    spoken = {"*", language_of(locale), locale.replace("_", "-").lower()}
    for key, entries in texts.items():
        if key.lower() in spoken:
            yield from listed(entries)


def language_of(locale: str) -> str:
    """The language of a locale, lower case."""
    return locale.replace("_", "-").split("-")[0].lower()


def holds_at(rule: PolicyRule, channel: str, country: str, block: str) -> bool:
    """Whether a rule holds for a text at this place.

    A country that is not known may be any, so that a rule of one holds; so does a rule of a part of a country where
    only the country is known. A rule of a channel or block needs the text to be there.
    """
    if rule.channels and channel not in _channels(rule.channels):
        return False
    if rule.blocks and block not in rule.blocks:
        return False
    return not rule.countries or not country or any(_within(country, code) for code in _countries(rule.countries))


def overlap(one: PolicyRule, other: PolicyRule) -> bool:
    """Whether there is a place where both rules hold."""
    if one.channels and other.channels and not _channels(one.channels) & _channels(other.channels):
        return False
    if one.blocks and other.blocks and not set(one.blocks) & set(other.blocks):
        return False
    if not one.countries or not other.countries:
        return True
    return any(_within(code, second) for code in _countries(one.countries) for second in _countries(other.countries))


def _channels(names: Iterable[str]) -> frozenset[str]:
    named = frozenset(names)
    return named | frozenset(ADS) if "ads" in named else named


def _countries(codes: Iterable[str]) -> Iterator[str]:
    for code in codes:
        yield from GROUPS.get(code, (code,))


def _within(country: str, code: str) -> bool:
    return country == code or country.startswith(f"{code}-") or code.startswith(f"{country}-")
