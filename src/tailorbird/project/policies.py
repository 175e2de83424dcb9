"""The folder policies/: which packs hold, what the project changes in them, its own packs, and its evidence."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from tailorbird.project.errors import ProjectError
from tailorbird.project.pack_files import BUILT_IN_FOLDER, built_in_packs, read_built_in, read_pack
from tailorbird.project.source import line_of, nearest, parse, read_yaml
from tailorbird.types.brand import Brand
from tailorbird.types.policy import Policy
from tailorbird.types.policy_pack import Evidence, PolicyFile, PolicyPack, PolicyRule, RuleChange

POLICY_FILE = "policies/policy.yaml"
BRAND_PACK = "brand"
"""The pack that brand/disallowed.yaml makes."""
_EVIDENCE = re.compile(r"[a-z0-9_]+(/[A-Za-z0-9_.\-]+)+")


@dataclass(frozen=True)
class Policies:
    """What a project says of policy. `own` are its packs by name, `brand` the one of its disallowed phrases."""

    root: Path = Path()
    file: PolicyFile = field(default_factory=PolicyFile)
    own: Mapping[str, PolicyPack] = field(default_factory=dict)
    brand: PolicyPack | None = None

    @cached_property
    def packs(self) -> tuple[PolicyPack, ...]:
        """The packs that hold, as the project changed them. Built-in ones are read when they are first needed.

        Raises ProjectError for a change of a rule that there is not.
        """
        chosen = [self.own[name] if name in self.own else read_built_in(name) for name in self.file.use]
        if self.brand is not None:
            chosen.append(self.brand)
        known = [f"{pack.name}/{rule.id}" for pack in chosen for rule in pack.rules]
        for name in self.file.rules:
            if name not in known:
                message = f"no rule {name!r} in the packs that `use` names{nearest(name, known)}"
                raise _wrong(self.root, ["rules", name], message)
        return tuple(_changed(pack, self.file.rules) for pack in chosen)

    def policy(
        self,
        channel: str = "",
        country: str = "",
        block: str = "",
        attended: bool = True,
        flags: Iterable[str] = (),
    ) -> Policy:
        """The policy of a text that stands there."""
        return Policy(channel, country, block, attended, packs=self.packs, flags=frozenset(flags))

    def evidence(self, day: date, item_id: str = "") -> dict[str, str]:
        """Evidence that holds on a day for an item, as `Facts.evidence` takes it: id → where it is kept."""
        return {
            name: one.kept
            for name, one in self.file.evidence.items()
            if (one.until is None or day <= one.until) and (not one.items or item_id in one.items)
        }

    def path(self, pack: str) -> Path:
        """The file in which a pack is written."""
        if pack in self.own:
            return self.root / "policies" / "packs" / f"{pack}.yaml"
        if pack == BRAND_PACK:
            return self.root / "brand" / "disallowed.yaml"
        return BUILT_IN_FOLDER / f"{pack}.yaml"


def read_policies(root: Path, brand: Brand) -> Policies:
    """The folder policies/, which may be absent. ProjectError at the first mistake, with file, line and field."""
    path = root / POLICY_FILE
    file: PolicyFile = parse(path, PolicyFile) if path.exists() else PolicyFile()
    own: dict[str, PolicyPack] = {}
    for pack_path in sorted((root / "policies" / "packs").glob("*.yaml")):
        if pack_path.stem in (*built_in_packs(), BRAND_PACK):
            message = f"{pack_path.stem!r} is the name of a built-in pack; give the file another name"
            raise ProjectError(pack_path, None, "", message)
        own[pack_path.stem] = read_pack(pack_path)
    names = [*built_in_packs(), *own]
    for n, name in enumerate(file.use):
        if name not in names:
            raise _wrong(root, ["use", n], f"no pack {name!r}{nearest(name, names)}")
        if name in file.use[:n]:
            raise _wrong(root, ["use", n], f"{name!r} is named twice")
    for name, change in file.rules.items():
        _check_change(root, name, change)
    for name, one in file.evidence.items():
        _check_evidence(root, name, one)
    return Policies(root, file, own, brand_pack(brand))


def brand_pack(brand: Brand) -> PolicyPack | None:
    """brand/disallowed.yaml as a pack; None where there are no phrases. A phrase is taken as it is written."""
    phrases: dict[str, tuple[str, ...]] = {}
    patterns: dict[str, tuple[str, ...]] = {}
    for locale, listed in brand.disallowed.items():
        odd = tuple(phrase for phrase in listed if re.search(r"[(){}|]", phrase))
        phrases[locale] = tuple(phrase for phrase in listed if phrase not in odd)
        patterns[locale] = tuple(re.escape(phrase) for phrase in odd)
    if not any(phrases.values()) and not any(patterns.values()):
        return None
    rule = PolicyRule(
        id="never_say",
        reason="the brand does not say this",
        phrases=phrases,
        patterns=patterns,
        denied="review",
        quoted="same",
    )
    languages = tuple(sorted({locale.split("-")[0] for locale in phrases} - {"*"}))
    return PolicyPack(
        BRAND_PACK, "project", "What the brand never says.", "brand/disallowed.yaml", (rule,), None, languages
    )


def _changed(pack: PolicyPack, changes: Mapping[str, RuleChange]) -> PolicyPack:
    """A pack without the rules that the project turned off, and with the severities that it gave."""
    rules = []
    for rule in pack.rules:
        change = changes.get(f"{pack.name}/{rule.id}")
        if change is None:
            rules.append(rule)
        elif not change.off and change.severity is not None:
            told = f"{rule.severity} made {change.severity}: {change.reason}"
            rules.append(replace(rule, severity=change.severity, changed=told))
    return pack if tuple(rules) == pack.rules else replace(pack, rules=tuple(rules))


def _check_change(root: Path, name: str, change: RuleChange) -> None:
    if not change.reason.strip():
        raise _wrong(root, ["rules", name, "reason"], "is empty; say why the rule is changed")
    if change.off == (change.severity is not None):
        raise _wrong(root, ["rules", name], "has either `off: true` or a severity")


def _check_evidence(root: Path, name: str, one: Evidence) -> None:
    if not _EVIDENCE.fullmatch(name):
        raise _wrong(root, ["evidence", name], f"{name!r} is no id; write the kind and a name, as in health/vitamin-c")
    if not one.kept.strip():
        raise _wrong(root, ["evidence", name, "kept"], "is empty; say where the evidence is kept")


def _wrong(root: Path, place: list[str | int], message: str) -> ProjectError:
    path = root / POLICY_FILE
    return ProjectError(path, line_of(read_yaml(path), place), ".".join(map(str, place)), message)
