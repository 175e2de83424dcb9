"""The project check: what parsing alone cannot tell. It compiles every template, fills every prompt, looks at names."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from tailorbird.pipeline.check_audiences import warn_of_idle_conditions
from tailorbird.pipeline.check_choosing import check_policy_types
from tailorbird.pipeline.check_counted import warn_of_uncounted
from tailorbird.pipeline.check_imports import check_mappings
from tailorbird.pipeline.check_names import warn_of_misspellings
from tailorbird.pipeline.check_plan import warn_of_unplanned
from tailorbird.pipeline.check_policies import check_policies
from tailorbird.project.bias_file import BIAS_FILE, read_bias
from tailorbird.project.errors import ProjectError
from tailorbird.project.feature_files import feature_error
from tailorbird.project.numbers import warn_of_thin_cells
from tailorbird.project.project import Project
from tailorbird.project.schema_file import read_schema
from tailorbird.project.source import line_of, nearest, read_yaml
from tailorbird.stages.audiences.audience_error import AudienceError
from tailorbird.stages.audiences.rules import check_audience
from tailorbird.stages.channels.email_template import compile_email
from tailorbird.stages.channels.liquid_variables import template_variables
from tailorbird.stages.channels.template_error import TemplateError
from tailorbird.stages.features.compile import FeatureError, compile_features
from tailorbird.stages.generation.prompt import try_prompt
from tailorbird.stages.identity.email_address import EmailAddress, read_email
from tailorbird.stages.review.policy import review_mode
from tailorbird.types.campaign import Campaign
from tailorbird.types.item import Item
from tailorbird.types.settings import Settings
from tailorbird.types.template import Template

_PLAIN = {"pixel", "locale", "simulated", "person.first_name", "brand.name", "items", "items[]"}
_LINKS = {"links.home", "links.media", "links.hero", "links.unsubscribe", "links.preferences", "links.trap"}
_COMMENT = re.compile(r"\{%-?\s*comment\b.*?endcomment\s*-?%\}|<!--.*?-->", re.DOTALL)
_CARD = {"item_id", "name", "short_name", "family", "price", "image", "url"}


def check_project(project: Project) -> list[str]:
    """Compile every feature and template, fill every prompt in, and check the names they use; returns warnings.

    Raises ProjectError, TemplateError and PromptError.
    """
    _check_sender(project)
    try:
        compile_features(project.features, project.settings.timezone)
    except FeatureError as error:
        raise feature_error(project.root / "features", error.feature, str(error), error.field) from None
    _check_audiences(project)
    check_mappings(project)
    check_policy_types(project)
    read_schema(project.root)
    read_bias(project.root / BIAS_FILE, project.features)
    check_policies(project.policies)
    warnings = [
        *_warn_of_delivery(project.settings),
        *warn_of_misspellings(project),
        *warn_of_idle_conditions(project),
        *warn_of_unplanned(project),
        *warn_of_uncounted(project),
    ]
    for name, template in project.templates.items():
        compile_email(template)
        blocks = {b for c in project.campaigns.values() if c.template == name for b in c.blocks}
        known = known_variables(project, template, blocks)
        for part, source in (("message.mjml", template.mjml), ("message.txt", template.text)):
            _check_variables(name, part, source, known)
            _check_locales(project, template, part, source)
            shown = _COMMENT.sub("", source)
            if "links.unsubscribe" not in shown:
                raise TemplateError(name, part, None, "there is no unsubscribe link", "add {{ links.unsubscribe }}")
            if "legal.postal_address" not in shown:
                raise TemplateError(name, part, None, "there is no postal address", "add {{ legal.postal_address }}")
    for campaign in project.campaigns.values():
        if thin := warn_of_thin_cells(campaign):
            warnings.append(thin)
        if campaign.review != review_mode(campaign):
            risk = campaign.tags["risk"]
            warnings.append(f"campaign {campaign.name}: tags.risk is {risk}, so review: auto is a queue for people")
        _try_prompts(project, campaign)
        for block in campaign.blocks:
            for locale in project.settings.locales:
                lines = [
                    line
                    for line in project.brand.approved
                    if line.block == block
                    and line.locale == locale
                    and (not line.campaigns or campaign.name in line.campaigns)
                ]
                if not lines:
                    warnings.append(f"campaign {campaign.name}: no approved line for {block} in {locale}")
    return warnings


def _check_sender(project: Project) -> None:
    """Every mail names a sender whom one can answer, by mail and by post."""
    sender, wrong = project.settings.sender, {}
    for name in ("email", "reply_to"):
        address = getattr(sender, name)
        found = read_email(address)
        if address is not None and not (isinstance(found, EmailAddress) and found.compared == address.lower()):
            why = f"write it as {found.address}" if isinstance(found, EmailAddress) else f"no address: {found}"
            wrong[name] = f"{why} (found {address[:80]!r})"
    if not any(character.isalnum() for character in sender.postal_address):
        wrong["postal_address"] = "the law asks for a postal address in every mail"
    for name, why in wrong.items():
        path = project.root / "tailorbird.yaml"
        line = line_of(read_yaml(path), ["sender", name]) if path.exists() else None
        raise ProjectError(path, line, f"sender.{name}", why)


def _check_audiences(project: Project) -> None:
    """Read every audience as a run would: those in SQL are parsed here for the first time."""
    names = [feature.name for feature in project.features]
    for stem, rule in project.audiences.items():
        try:
            check_audience(rule, names)
        except AudienceError as error:
            path = project.root / "audiences" / f"{stem}.yaml"
            line = line_of(read_yaml(path), ["sql"]) if path.exists() else None
            raise ProjectError(path, line, "sql", str(error)) from None


def _try_prompts(project: Project, campaign: Campaign) -> None:
    """Fill the prompt of every block that a model writes, in every locale of the project."""
    for name, block in campaign.blocks.items():
        if block.generate and block.prompt:
            prompt = project.prompts[block.prompt]
            for locale in project.settings.locales:
                reason = campaign.reason.get(locale, "")
                try_prompt(prompt, project.brand, name, block.max_chars, locale, reason, block.slots)


def _warn_of_delivery(settings: Settings) -> list[str]:
    """What large mailbox providers refuse, or readers cannot use, in mail that really leaves."""
    if settings.delivery.adapter == "files":
        return []
    warnings = []
    url, sender = urlsplit(settings.base_url), settings.sender
    if url.scheme != "https" or url.hostname in ("127.0.0.1", "::1", "localhost"):
        warnings.append(
            f"base_url is {settings.base_url}: unsubscribe links in mail need the public https address of the server"
        )
    author, signer = sender.email.rpartition("@")[2].lower(), sender.domain.lower()
    if not (f".{author}".endswith(f".{signer}") or f".{signer}".endswith(f".{author}")):
        warnings.append(
            f"sender.email is at {author}, but sender.domain signs for {signer}: receivers that check DMARC refuse that"
        )
    return warnings


def check_catalog(project: Project, items: Mapping[str, Item]) -> None:
    """Raise ProjectError for an approved line that is meant for products the catalog does not have."""
    families = sorted({item.family for item in items.values()})
    path = project.root / "brand" / "approved.yaml"
    for index, line in enumerate(project.brand.approved):
        for family in line.families:
            if family not in families:
                where = line_of(read_yaml(path), [index, "families"])
                mend = nearest(family, families)
                raise ProjectError(path, where, f"{index}.families", f"the catalog has no family {family!r}{mend}")


def known_variables(project: Project, template: Template, blocks: Iterable[str]) -> set[str]:
    """Every variable path that the message context holds for this template."""
    known = {*_PLAIN, *_LINKS, *blocks, "legal.postal_address", "words", "legal", "person", "brand", "links"}
    known |= {f"items[].{name}" for name in (*_CARD, *project.settings.catalog.facts)}
    known |= {f"words.{name}" for texts in template.words.values() for name in texts}
    known |= {f"legal.{name}" for texts in project.brand.legal.values() for name in texts}
    return known | {"items.size", "items.first", "items.last"}


def _check_locales(project: Project, template: Template, part: str, source: str) -> None:
    """Each word and legal line that the template reads must be there in every locale: a gap is an empty place."""
    files = {"words": (template.words, "words.yaml"), "legal": (project.brand.legal, "brand/legal.yaml")}
    for variable in template_variables(source):
        group, _, key = variable.path.partition(".")
        if group not in files or not key or variable.path == "legal.postal_address":
            continue
        texts, file = files[group]
        for locale in project.settings.locales:
            if key not in texts.get(locale, {}):
                mend = f"add {key} under {locale} in {file}"
                raise TemplateError(template.name, part, variable.line, f"{locale} has no {variable.path}", mend)


def _check_variables(name: str, part: str, source: str, known: set[str]) -> None:
    import difflib

    for variable in template_variables(source):
        path = variable.path.removesuffix(".size")
        if path in known or path.split("[")[0] + "[]" + path.split("]", 1)[-1] in known:
            continue
        near = difflib.get_close_matches(path, sorted(known), n=1, cutoff=0.5)
        mend = f"did you mean {near[0]}?" if near else "see the guide on templates for the names there are"
        raise TemplateError(name, part, variable.line, f"there is no variable {variable.path}", mend)
