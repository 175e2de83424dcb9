"""What excuses words that a rule forbids: a denial, quotation marks, a thing's own name, evidence, a fact."""

import re
from datetime import datetime

from tailorbird.stages.policies.phrases import NEVER
from tailorbird.stages.policies.reading import fold
from tailorbird.types.fact import Facts
from tailorbird.types.policy_pack import PolicyRule

# A denial stands right before the words, with nothing between but small words: "no need to hurry" denies, "don't wait,
# hurry" does not. "Why not hurry" and "not only" deny nothing.
_BEFORE = {
    "en": re.compile(
        r"(?:(?<!why )\b(?:no|not|never|without|neither|nor|cannot|avoid)|n't)(?! only| just)"
        r"(?:\s+(?:a|an|any|the|your|need|needs|to|for|of|such|be|being|have|really|actually|in|reason|rush|pressure|"
        r"about|as|so|thing|call|called|say|claim|promise|promised)){0,4}\s+$",
        re.IGNORECASE,
    ),
    "de": re.compile(
        r"(?<!warum )\b(?:kein(?:e[nmrs]?)?|nicht|nie(?:mals)?|ohne|weder)(?! nur| bloß)"
        r"(?:\s+(?:eine?[nmrs]?|der|die|das|den|dem|zu|zum|zur|von|so|auch|mehr|grund|anlass|für|als|unbedingt|"
        r"etwa)){0,3}\s+$",
        re.IGNORECASE,
    ),
}
_AFTER = {"de": re.compile(r"\s+(?:(?:sie|du|dich|sich|euch|uns)\s+){0,2}nicht\b(?! nur| bloß)", re.IGNORECASE)}
_LOOK_BACK, _LOOK_AHEAD = 60, 24


def is_denied(folded: str, start: int, end: int, language: str) -> bool:
    """Whether the text says that it is not so."""
    if _BEFORE.get(language, NEVER).search(folded[max(0, start - _LOOK_BACK) : start]):
        return True
    return _AFTER.get(language, NEVER).match(folded[end : end + _LOOK_AHEAD]) is not None


def is_quoted(folded: str, start: int, end: int) -> bool:
    """Whether quotation marks stand around exactly these words: they are spoken of, or said by somebody else."""
    if start == 0 or folded[start - 1] not in "\"'":
        return False
    rest = folded[end : end + 2].lstrip(".,!?")
    return rest.startswith(folded[start - 1])


def is_named(folded: str, start: int, end: int, facts: Facts) -> bool:
    """Whether the words are part of the name of a thing that facts know, written as its name is."""
    for entity in (*facts.subjects, *facts.others):
        for written in entity.names:
            name = fold(written)
            if len(name) < end - start:
                continue
            at = folded.find(name, max(0, end - len(name)))
            while 0 <= at <= start:
                if at + len(name) >= end:
                    return True
                at = folded.find(name, at + 1)
    return False


def find_evidence(rule: PolicyRule, facts: Facts) -> str:
    """The id of evidence, or the name of a fact, that allows what the rule forbids; '' where there is none."""
    for wanted in rule.evidence:
        for known in facts.evidence:
            if known == wanted or known.startswith(f"{wanted}/"):
                return known
    names = {_plain(name) for name in rule.facts}
    for entity in facts.subjects:
        for fact in entity.facts:
            if _plain(fact.name) in names and _holds(fact.until, facts.as_of):
                return fact.name
    return ""


def _plain(name: str) -> str:
    """'Offer ends' and 'offer_ends' are one name."""
    return name.lower().replace(" ", "_").replace("-", "_")


def _holds(until: datetime | None, as_of: datetime | None) -> bool:
    return until is None or as_of is None or as_of < until
