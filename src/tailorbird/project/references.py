"""Names that one project file uses and another must define."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from tailorbird.project.consent_references import check_consent
from tailorbird.project.errors import ProjectError
from tailorbird.project.experiment_references import check_experiment, check_layers
from tailorbird.project.feature_files import check_features
from tailorbird.project.item_references import check_items
from tailorbird.project.numbers import check_campaign_numbers, check_settings_numbers
from tailorbird.project.policy_references import check_policy_features
from tailorbird.project.source import line_of, nearest, read_yaml
from tailorbird.project.tier_checks import check_large_model, check_tiers
from tailorbird.types.audience import AudienceRule
from tailorbird.types.brand import ApprovedLine, Brand
from tailorbird.types.campaign import Campaign
from tailorbird.types.feature import FeatureDefinition
from tailorbird.types.settings import Settings
from tailorbird.types.slot_text import SlotText
from tailorbird.types.template import Template

BUILT_IN_SLOTS = (
    "item.name", "item.short_name", "item.price", "item.family", "last_item.short_name", "person.first_name",
    "brand.name",
)  # fmt: skip

COMPARISONS = ("at_least", "at_most", "equals", "one_of")


def known_slots(settings: Settings) -> list[str]:
    """Every slot that copy may use: the built-in ones and the catalog's declared facts."""
    return [*BUILT_IN_SLOTS, *(f"item.{name}" for name in settings.catalog.facts)]


def check_references(
    root: Path,
    settings: Settings,
    features: Sequence[FeatureDefinition],
    audiences: Mapping[str, AudienceRule],
    prompts: Mapping[str, Any],
    templates: Mapping[str, Any],
    campaigns: Mapping[str, Campaign],
    mappings: Mapping[str, Any],
    approved: Sequence[ApprovedLine],
) -> None:
    """Raise ProjectError for the first name that nothing defines."""
    names = [feature.name for feature in features]
    check_features(root / "features")
    lists = [feature.name for feature in features if feature.kind == "top_k" and feature.k > 1]
    for stem, campaign in campaigns.items():
        _check_single(root / "campaigns" / f"{stem}.yaml", campaign, lists)
    _check_settings(root / "tailorbird.yaml", settings, [*features, *campaigns.values()])
    for stem, rule in audiences.items():
        _check_audience(root / "audiences" / f"{stem}.yaml", stem, rule, names)
    for stem, campaign in campaigns.items():
        _check_campaign(
            root / "campaigns" / f"{stem}.yaml", stem, campaign, settings, names, audiences, prompts, templates
        )
        _check_lattice(root / "campaigns" / f"{stem}.yaml", campaign, features)
        check_items(root / "campaigns" / f"{stem}.yaml", campaign, features)
        check_policy_features(root / "campaigns" / f"{stem}.yaml", campaign, features)
        check_tiers(root / "campaigns" / f"{stem}.yaml", campaign, settings)
        check_experiment(root / "campaigns" / f"{stem}.yaml", campaign, settings, [n for n in names if n not in lists])
    check_layers(root / "tailorbird.yaml", settings, campaigns)
    for name in settings.imports:
        _need(root / "tailorbird.yaml", ["imports"], name, list(mappings), "file in imports/")
    blocks = {block for campaign in campaigns.values() for block in campaign.blocks}
    slots = known_slots(settings)
    path = root / "brand" / "approved.yaml"
    for i, line in enumerate(approved):
        _need(path, [i, "block"], line.block, sorted(blocks), "block of any campaign")
        _need(path, [i, "locale"], line.locale, settings.locales, "locale of tailorbird.yaml")
        for slot in SlotText.parse(line.text).slots:
            _need(path, [i, "text"], slot, slots, "slot")
        for name in line.campaigns:
            _need(path, [i, "campaigns"], name, list(campaigns), "campaign")


def _check_single(path: Path, campaign: Campaign, lists: Sequence[str]) -> None:
    """A cell of people is made of single values."""
    places: list[tuple[list[str | int], str]] = [
        (["briefs", "lattice", level], name) for level, names in enumerate(campaign.briefs.lattice) for name in names
    ]
    if campaign.briefs.family is not None:
        places.append((["briefs", "family"], campaign.briefs.family))
    for loc, name in places:
        if name in lists:
            message = f"{name!r} is a list of values; define a feature of kind top_k with k: 1 and name that"
            raise ProjectError(path, line_of(read_yaml(path), loc), ".".join(map(str, loc)), message)


def _check_settings(path: Path, settings: Settings, users: Sequence[Any]) -> None:
    check_settings_numbers(path, settings)
    check_large_model(path, settings)
    try:
        ZoneInfo(settings.timezone)
    except (ValueError, OSError, KeyError):
        near = nearest(settings.timezone, sorted(available_timezones())) if settings.timezone else ""
        mend = near if "did you mean" in near else "; write one such as Europe/London"
        line = line_of(read_yaml(path), ["timezone"])
        raise ProjectError(path, line, "timezone", f"no time zone {settings.timezone!r}{mend}") from None
    check_consent(path, settings.consent, [user.purpose for user in users])


def _check_audience(path: Path, stem: str, rule: AudienceRule, features: Sequence[str]) -> None:
    if rule.name != stem:
        raise ProjectError(path, line_of(read_yaml(path), ["name"]), "name", f"must equal the file's name, {stem!r}")
    for group in ("all", "any", "none"):
        for i, condition in enumerate(getattr(rule, group)):
            _need(path, [group, i, "feature"], condition.feature, features, "feature")
            if condition.one_of == ():
                line = line_of(read_yaml(path), [group, i, "one_of"])
                raise ProjectError(path, line, f"{group}.{i}.one_of", "is empty, so nobody can be meant; list a value")
            given = [name for name in COMPARISONS if getattr(condition, name) is not None]
            if len(given) != 1:
                line = line_of(read_yaml(path), [group, i])
                message = (
                    f"a condition has exactly one of {', '.join(COMPARISONS)} (found {' and '.join(given) or 'none'})"
                )
                raise ProjectError(path, line, f"{group}.{i}", message)


def check_locales(
    root: Path,
    settings: Settings,
    brand: Brand,
    templates: Mapping[str, Template],
    campaigns: Mapping[str, Campaign],
) -> None:
    """Raise ProjectError for a text under a locale or a block that nothing uses: a misspelt key would go unnoticed."""
    if not settings.locales:
        path = root / "tailorbird.yaml"
        raise ProjectError(path, line_of(read_yaml(path), ["locales"]), "locales", "name at least one, such as en-GB")
    locales = list(settings.locales)
    spoken = [*locales, *(locale.split("-")[0] for locale in locales)]
    what = "locale of tailorbird.yaml"
    for file, keys, valid in (
        ("disallowed.yaml", brand.disallowed, [*spoken, "*"]),
        ("vocabulary.yaml", brand.vocabulary, spoken),
        ("legal.yaml", brand.legal, locales),
    ):
        for key in keys:
            _need(root / "brand" / file, [key], key, valid, what)
    for key in brand.voice:
        if key not in locales:
            path = root / "brand" / "voice.md"
            rows = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
            line = next((i for i, row in rows if row.split() == ["##", key]), None)
            raise ProjectError(path, line, key, f"no {what} {key!r}{nearest(key, locales)}")
    for stem, campaign in campaigns.items():
        for key in campaign.reason:
            _need(root / "campaigns" / f"{stem}.yaml", ["reason", key], key, locales, what)
    for name, template in templates.items():
        blocks = sorted({b for c in campaigns.values() if c.template == name for b in c.blocks})
        folder = root / "templates" / name
        for key in template.words:
            _need(folder / "words.yaml", [key], key, locales, what)
        for block, texts in template.lines.items():
            if blocks:
                _need(folder / "lines.yaml", [block], block, blocks, "block of any campaign")
            for key in texts:
                _need(folder / "lines.yaml", [block, key], key, locales, what)


def _check_campaign(
    path: Path,
    stem: str,
    campaign: Campaign,
    settings: Settings,
    features: Sequence[str],
    audiences: Mapping[str, Any],
    prompts: Mapping[str, Any],
    templates: Mapping[str, Any],
) -> None:
    if campaign.name != stem:
        raise ProjectError(path, line_of(read_yaml(path), ["name"]), "name", f"must equal the file's name, {stem!r}")
    _need(path, ["audience"], campaign.audience, list(audiences), "audience")
    _need(path, ["template"], campaign.template, list(templates), "template")
    for level, names in enumerate(campaign.briefs.lattice):
        for name in names:
            _need(path, ["briefs", "lattice", level], name, [*features, "hero_family"], "feature")
    if campaign.briefs.family is not None:
        _need(path, ["briefs", "family"], campaign.briefs.family, [*features, "hero_family"], "feature")
    if "subject" not in campaign.blocks:
        message = "an e-mail needs a block named 'subject'"
        raise ProjectError(path, line_of(read_yaml(path), ["blocks"]), "blocks", message)
    needed = {"last_item": "last_item", "basket": "basket_item"}.get(campaign.items.source)
    if needed is not None and needed not in features:
        line = line_of(read_yaml(path), ["items", "source"])
        raise ProjectError(path, line, "items.source", f"needs a feature named {needed!r}; define it in features/")
    slots = known_slots(settings)
    for name, block in campaign.blocks.items():
        if block.generate and not block.prompt:
            raise ProjectError(
                path, line_of(read_yaml(path), ["blocks", name]), f"blocks.{name}", "generate needs a prompt"
            )
        if block.prompt:
            _need(path, ["blocks", name, "prompt"], block.prompt, list(prompts), "prompt")
        for slot in (*block.slots, *block.required):
            _need(path, ["blocks", name, "slots"], slot, slots, "slot")
        lines = templates[campaign.template].lines.get(name, {})
        missing = [locale for locale in settings.locales if locale not in lines]
        if missing:
            where = path.parent.parent / "templates" / campaign.template / "lines.yaml"
            raise ProjectError(
                where,
                line_of(read_yaml(where), [name]),
                f"{name}.{missing[0]}",
                "the template rung needs a line here, so that no message is empty",
            )
    check_campaign_numbers(path, campaign)


def _check_lattice(path: Path, campaign: Campaign, features: Sequence[FeatureDefinition]) -> None:
    sensitive = {feature.name for feature in features if feature.sensitive}
    for level, names in enumerate(campaign.briefs.lattice):
        if told := sensitive & set(names) if campaign.briefs.diversity > 1 else set():
            message = f"{min(told)!r} is sensitive: a cell by it would tell what its people have; take it out"
            raise ProjectError(path, line_of(read_yaml(path), ["briefs", "lattice", level]), "briefs.lattice", message)


def _need(path: Path, loc: Sequence[str | int], name: str, valid: Sequence[str], what: str) -> None:
    if name not in valid:
        field = ".".join(str(part) for part in loc)
        raise ProjectError(path, line_of(read_yaml(path), loc), field, f"no {what} {name!r}{nearest(name, valid)}")
