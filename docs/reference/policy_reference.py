"""The reference of policy packs: every built-in rule, from the packs' own files. Run by generate.py."""

from collections.abc import Iterator
from pathlib import Path

from tailorbird.project.pack_files import built_in_packs, read_built_in
from tailorbird.types.policy_pack import PolicyPack, PolicyRule, listed

_HOW = {"read": "read at the source", "reported": "as others report it", "known": "from general knowledge"}
_SHOWN = 3


def pages() -> dict[Path, str]:
    """The page by its path under docs/."""
    packs = [read_built_in(name) for name in built_in_packs()]
    rules = sum(len(pack.rules) for pack in packs)
    out = [
        "# Policy packs\n",
        "<!-- Made by docs/reference/policy_reference.py; change the packs, then run generate.py again. -->\n",
        f"{len(packs)} packs with {rules} rules come with Tailorbird. They are engineering inputs, no legal advice: "
        "have the ones that you rely on read by counsel. The last column says how a rule was compared with its source, "
        "and when. How packs are chosen, changed and written: [Policies](../guides/policies.md).\n",
        "| Pack | Version | Rules | What it is for |\n|---|---|---|---|",
    ]
    out += [f"| [{p.name}](#{p.name}) | {p.version} | {len(p.rules)} | {_cell(p.summary)} |" for p in packs]
    for pack in packs:
        out += ["", *_pack(pack)]
    return {Path("reference/policies.md"): "\n".join(out).rstrip() + "\n"}


def _pack(pack: PolicyPack) -> Iterator[str]:
    languages = ", ".join(pack.languages) or "every language"
    yield f"## {pack.name}\n\n{pack.summary} Version {pack.version}; languages: {languages}; source: {pack.source}.\n"
    yield "| Rule | Severity | Where | What it says | Source | Checked |\n|---|---|---|---|---|---|"
    for rule in pack.rules:
        source, on = rule.source or pack.source, rule.checked_on or pack.checked_on
        how = _HOW[rule.checked or pack.checked]
        said = _cell(f"{rule.reason}. {_says(rule)}")
        yield f"| `{rule.id}` | {rule.severity} | {_where(rule)} | {said} | {_cell(source)} | {how}, {on} |"


def _where(rule: PolicyRule) -> str:
    names = [*rule.channels, *rule.countries, *rule.blocks, *(f"flag {flag}" for flag in rule.flags)]
    return ", ".join(names) or "everywhere"


def _says(rule: PolicyRule) -> str:
    if rule.limit is not None:
        told = {"min": rule.limit.min, "max": rule.limit.max}
        bounds = " ".join(f"{word} {value}" for word, value in told.items() if value is not None)
        return f"{bounds} lines" if rule.limit.of == "lines" else f"{bounds} {rule.limit.unit}, of {rule.limit.of}"
    if rule.notice:
        return "Reported wherever it holds."
    texts = rule.lines or rule.phrases or rule.patterns
    language = "en" if "en" in texts else next(iter(texts))
    entries = listed(texts[language])
    shown = "; ".join(f"`{entry}`" for entry in entries[:_SHOWN])
    more = f" and {len(entries) - _SHOWN} more" if len(entries) > _SHOWN else ""
    allowing = [*(f"evidence `{name}/…`" for name in rule.evidence), *(f"the fact `{name}`" for name in rule.facts)]
    needed = f" Allowed by {' or '.join(allowing)}." if allowing else ""
    return f"{'One of' if rule.lines else 'Such as'} {shown}{more}.{needed}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
