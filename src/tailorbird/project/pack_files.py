"""Policy packs as files: the built-in ones and the user's own, and what is wrong in them, to the line."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

from tailorbird.project.errors import ProjectError
from tailorbird.project.source import line_of, nearest, parse, read_yaml
from tailorbird.types.countries import GROUPS
from tailorbird.types.policy_pack import CHANNELS, FLAGS, PolicyPack, PolicyRule, Texts

BUILT_IN_FOLDER = Path(__file__).parent / "packs"
_ID = re.compile("[a-z][a-z0-9_]*")
_COUNTRY = re.compile("[A-Z]{2}(-[A-Z0-9]{1,3})?")
_LANGUAGE = re.compile(r"\*|[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
Place = tuple[str | int, ...]


def built_in_packs() -> tuple[str, ...]:
    """The names of the packs that come with Tailorbird."""
    return tuple(sorted(path.stem for path in BUILT_IN_FOLDER.glob("*.yaml")))


@cache
def read_built_in(name: str) -> PolicyPack:
    """A built-in pack by its name. ProjectError naming those that there are."""
    names = built_in_packs()
    if name not in names:
        raise ProjectError(BUILT_IN_FOLDER, None, "", f"no built-in pack {name!r}{nearest(name, names)}")
    return read_pack(BUILT_IN_FOLDER / f"{name}.yaml")


def read_pack(path: Path) -> PolicyPack:
    """A pack's file. ProjectError: a key, a name or a value that makes no sense. Wordings are checked elsewhere."""
    pack: PolicyPack = parse(path, PolicyPack)
    for place, message in _mistakes(path.stem, pack):
        raise pack_error(path, place, message)
    return pack


def pack_error(path: Path, place: Place, message: str) -> ProjectError:
    """The mistake at a place of a pack's file, with the rule's id."""
    tree = read_yaml(path)
    rule = _rule_at(tree, place)
    return ProjectError(path, line_of(tree, place), ".".join(map(str, place)), f"{rule}{message}")


def wording_line(path: Path, place: Place, entry: int) -> int | None:
    """The line of one entry of a wording: an item of a list, or a line of a text."""
    tree = read_yaml(path)
    node: Any = tree
    for part in place:
        node = node[part]
    line = line_of(tree, [*place, entry] if isinstance(node, list) else place)
    return line + 1 + entry if line is not None and isinstance(node, str) and "\n" in node else line


def wordings(rule: PolicyRule) -> Iterator[tuple[str, str, Texts]]:
    """(field, language, entries) of everything that a rule says in words."""
    for field in ("phrases", "patterns", "unless", "lines"):
        texts: Mapping[str, Texts] = getattr(rule, field)
        for language, entries in texts.items():
            yield field, language, entries


def _rule_at(tree: Any, place: Place) -> str:
    try:
        return f"rule {tree['rules'][place[1]]['id']}: " if len(place) > 1 and place[0] == "rules" else ""
    except (KeyError, IndexError, TypeError):
        return ""


def _mistakes(stem: str, pack: PolicyPack) -> Iterator[tuple[Place, str]]:
    if pack.name != stem:
        yield ("name",), f"must equal the file's name, {stem!r}"
    for name in ("version", "source", "summary"):
        if not getattr(pack, name).strip():
            yield (name,), "is empty; findings name it"
    if pack.checked_on is None:
        yield ("checked_on",), "this key is missing; write the day on which the rules were compared with the source"
    if not pack.rules:
        yield ("rules",), "is empty; a pack has one rule at least"
    seen: dict[str, int] = {}
    for n, rule in enumerate(pack.rules):
        if rule.id in seen:
            yield ("rules", n, "id"), f"{rule.id!r} is used twice"
        seen[rule.id] = n
        for place, message in _rule_mistakes(pack, rule):
            yield ("rules", n, *place), message


def _rule_mistakes(pack: PolicyPack, rule: PolicyRule) -> Iterator[tuple[Place, str]]:
    if not _ID.fullmatch(rule.id):
        yield ("id",), f"{rule.id!r} is no id; use small letters, digits and _"
    if not rule.reason.strip():
        yield ("reason",), "is empty; it is what people read"
    kinds = [
        name
        for name, given in (
            ("phrases or patterns", rule.phrases or rule.patterns),
            ("lines", rule.lines),
            ("limit", rule.limit),
            ("notice", rule.notice),
        )
        if given
    ]
    if len(kinds) != 1:
        found = " and ".join(kinds) or "none"
        yield (), f"has exactly one of phrases (with patterns), lines, limit, notice (found {found})"
    if rule.kind != "words":
        default = {one.name: one.default for one in fields(PolicyRule)}
        for name in ("evidence", "facts", "denied", "quoted"):
            if getattr(rule, name) != default[name]:
                yield (name,), "goes with phrases or patterns only"
        if rule.unless:
            yield ("unless",), "goes with phrases or patterns only"
    if rule.beside and not rule.lines:
        yield ("beside",), "goes with lines only"
    if rule.within < 0:
        yield ("within",), f"must be 0 or more (found {rule.within})"
    yield from _scope_mistakes(rule)
    yield from _limit_mistakes(rule)
    for field, language, _ in wordings(rule):
        if not _LANGUAGE.fullmatch(language):
            yield (field, language), f"is no language such as en or de, nor '*' (found {language!r})"
        elif field != "lines" and language != "*" and language.split("-")[0] not in pack.languages:
            yield (field, language), f"the pack's languages do not list {language.split('-')[0]!r}; add it"


def _scope_mistakes(rule: PolicyRule) -> Iterator[tuple[Place, str]]:
    for n, channel in enumerate(rule.channels):
        if channel not in (*CHANNELS, "ads"):
            yield ("channels", n), f"no channel {channel!r}{nearest(channel, (*CHANNELS, 'ads'))}"
    for n, country in enumerate(rule.countries):
        if country not in GROUPS and not _COUNTRY.fullmatch(country):
            yield ("countries", n), f"is a code such as GB, US-NY or EU (found {country!r})"
    for n, flag in enumerate(rule.flags):
        if flag not in FLAGS:
            yield ("flags", n), f"no flag {flag!r}{nearest(flag, FLAGS)}"


def _limit_mistakes(rule: PolicyRule) -> Iterator[tuple[Place, str]]:
    limit = rule.limit
    if limit is None:
        return
    if limit.max is None and limit.min is None:
        yield ("limit",), "has max, min or both"
    for name, value in (("max", limit.max), ("min", limit.min), ("link_cost", limit.link_cost)):
        if value is not None and value < 0:
            yield ("limit", name), f"must be 0 or more (found {value})"
    if limit.max is not None and limit.min is not None and limit.min > limit.max:
        yield ("limit", "min"), f"must be at most max, {limit.max} (found {limit.min}): no text could fit"
