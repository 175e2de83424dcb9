"""Whether a project's policy packs can be used: every wording compiles, no two rules contradict each other."""

import re
from collections.abc import Iterator
from datetime import date

from tailorbird.project.errors import ProjectError
from tailorbird.project.pack_files import pack_error, wording_line, wordings
from tailorbird.project.policies import BRAND_PACK, POLICY_FILE, Policies
from tailorbird.project.project import Project
from tailorbird.project.source import line_of, read_yaml
from tailorbird.stages.policies.check import PolicyCheck
from tailorbird.stages.policies.compiled import PlacedRule
from tailorbird.stages.policies.contradictions import find_contradictions
from tailorbird.stages.policies.phrases import parse_phrase
from tailorbird.stages.policies.user_patterns import compile_pattern
from tailorbird.types.candidate import Candidate
from tailorbird.types.fact import Facts
from tailorbird.types.policy import Policy
from tailorbird.types.policy_pack import PolicyPack, listed

_SLOT = re.compile(r"\{\{.*?\}\}")


def check_policies(policies: Policies) -> None:
    """Raise ProjectError for a phrase or an expression that is none, with the line of it and the rule's id, and for
    two rules that no text could follow together, naming both with their lines."""
    own = [pack for pack in policies.packs if pack.name == BRAND_PACK]
    for pack in (*own, *policies.own.values()):  # the built-in ones are held by tests
        _check_wordings(policies, pack)
    for found in find_contradictions(policies.packs):
        first, second = _place(policies, found.first), _place(policies, found.second)
        raise ProjectError(
            policies.path(found.first.pack.name),
            _line(policies, found.first),
            found.first.name,
            f"{found.first.name} ({first}) {found.why} ({second}): change one, or turn it off in {POLICY_FILE}",
        )


def warn_of_policies(policies: Policies, today: date) -> Iterator[str]:
    """What is no mistake and yet not meant: packs that are not used, evidence that has expired or that no rule asks
    for."""
    for name in policies.own:
        if name not in policies.file.use:
            yield f"policies/packs/{name}.yaml is not used: name it under `use` in {POLICY_FILE}"
    asked = {wanted for pack in policies.packs for rule in pack.rules for wanted in rule.evidence}
    for name, one in policies.file.evidence.items():
        if not any(name == wanted or name.startswith(f"{wanted}/") for wanted in asked):
            yield f"{POLICY_FILE}: no rule asks for the evidence {name!r}"
        if one.until is not None and one.until < today:
            yield f"{POLICY_FILE}: the evidence {name!r} holds no longer, since {one.until.isoformat()}"


def warn_of_lines(project: Project) -> Iterator[str]:
    """Lines that people wrote and that the project's own packs would stop: nobody judges them again when they are
    sent. A slot reads as a neutral word, and what the brand never says, the gate of lines tells."""
    packs = tuple(pack for pack in project.policies.packs if pack.name != BRAND_PACK)
    if not packs:
        return
    lines = [("brand/approved.yaml", line.id, line.block, line.locale, line.text) for line in project.brand.approved]
    for name, template in project.templates.items():
        for block, texts in template.lines.items():
            for locale, text in texts.items():
                lines.append((f"templates/{name}/lines.yaml", block, block, locale, text))
    channels: set[str] = {campaign.channel for campaign in project.campaigns.values()}
    for file, name, block, locale, text in lines:
        for channel in sorted(channels):
            policy = Policy(channel, block=block, packs=packs)
            shown = _SLOT.sub("X", text)
            for found in PolicyCheck().check(Candidate(shown, Facts(), policy, locale)):
                if found.severity == "error":
                    yield f"{file}: {name} ({locale}): {found.evidence!r}: {found.reason} ({found.type})"


def _check_wordings(policies: Policies, pack: PolicyPack) -> None:
    path = policies.path(pack.name)
    for n, rule in enumerate(pack.rules):
        for field, language, entries in wordings(rule):
            for at, text in enumerate(listed(entries)):
                try:
                    if field == "patterns":
                        compile_pattern(text, rule.cased)
                    elif field != "lines":
                        parse_phrase(text, language.split("-")[0])
                except ValueError as error:
                    if pack.name == BRAND_PACK:
                        raise ProjectError(path, None, language, f"{text!r} {error}") from None
                    place = ("rules", _index(policies, pack, rule.id, n), field, language)
                    wrong = pack_error(path, place, f"{text!r} {error}")
                    line = wording_line(path, place, _entry(entries, text, at))
                    raise ProjectError(path, line or wrong.line, wrong.field, wrong.message) from None


def _entry(entries: str | tuple[str, ...], text: str, at: int) -> int:
    """Where an entry stands among the lines of its text, empty ones counted."""
    if not isinstance(entries, str):
        return at
    return next((n for n, line in enumerate(entries.splitlines()) if line.strip() == text), at)


def _index(policies: Policies, pack: PolicyPack, rule: str, otherwise: int) -> int:
    """The rule's place in its file, which has rules that the project turned off."""
    rules = read_yaml(policies.path(pack.name))["rules"]
    return next((n for n, one in enumerate(rules) if one.get("id") == rule), otherwise)


def _line(policies: Policies, one: PlacedRule) -> int | None:
    if one.pack.name == BRAND_PACK:
        return None
    path = policies.path(one.pack.name)
    return line_of(read_yaml(path), ["rules", _index(policies, one.pack, one.rule.id, 0)])


def _place(policies: Policies, one: PlacedRule) -> str:
    line = _line(policies, one)
    path = policies.path(one.pack.name)
    return f"{path}:{line}" if line else f"{path}"
