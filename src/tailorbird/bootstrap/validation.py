"""The validator, with our own checks and those of installed packages."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from tailorbird.bootstrap.entailment import open_entailment_check
from tailorbird.bootstrap.events import open_warehouse
from tailorbird.bootstrap.models import open_masker
from tailorbird.bootstrap.system import open_clock
from tailorbird.pipeline.check_policies import check_policies
from tailorbird.pipeline.screen_items import project_hosts
from tailorbird.pipeline.validation.catalog_facts import CatalogFacts
from tailorbird.pipeline.validation.given_text import judge_given, read_policy
from tailorbird.pipeline.validation.personal_data import PersonalDataCheck
from tailorbird.pipeline.validation.text_judge import TextJudge, read_as_of
from tailorbird.pipeline.validation.validator import Validator
from tailorbird.plugins import find_checks
from tailorbird.ports.check import Check
from tailorbird.project.project import Project
from tailorbird.stages.facts.check import FactCheck
from tailorbird.stages.facts.given import Given, read_facts
from tailorbird.stages.policies.check import PolicyCheck
from tailorbird.stages.safety.output_scan import SafetyCheck
from tailorbird.stages.validation.lexicon import lexicon_for
from tailorbird.stages.validation.prose import ProseCheck
from tailorbird.types.fact import Facts
from tailorbird.types.policy import Policy
from tailorbird.types.verdict import Verdict


def open_validator(project: Project | None = None) -> Validator:
    """A validator with every check that there is; with a project, links to its hosts and its own addresses pass.

    Where the project names a judge of entailment, it takes the place of the closed vocabulary. It asks a server, so it
    is given its time like an installed check, and a text that waited in vain is for a person.
    """
    judge = open_entailment_check(project) if project else None
    if judge is None:
        return Validator(own_checks(project), tuple(find_checks()))
    own = tuple(check for check in own_checks(project) if not isinstance(check, ProseCheck))
    assert project is not None
    return Validator(own, (judge, *find_checks()), project.settings.validation.entailment.timeout_seconds)


def own_checks(project: Project | None = None) -> tuple[Check, ...]:
    """Our own checks, the quickest first."""
    return (
        PolicyCheck(),
        SafetyCheck(project_hosts(project.settings) if project else frozenset()),
        PersonalDataCheck(open_masker(project) if project else None),
        ProseCheck(),
        FactCheck(lambda language: lexicon_for(language).plain),
    )


def validate(
    text: str,
    facts: Facts | Mapping[str, Any] | None = None,
    policy: Policy | Mapping[str, Any] | None = None,
    locale: str = "en",
) -> Verdict:
    """Judge one text by every check that there is; what `tailorbird.validate` calls. The validator is opened once."""
    given = Given(facts) if isinstance(facts, Facts) else read_facts({"subjects": []} if facts is None else facts)
    given = read_as_of(given, open_clock().now())
    return judge_given(_validator(), text, given, read_policy(policy), locale)


def open_text_judge(project: Project | None, validator: Validator | None = None) -> TextJudge:
    """A judge of texts as they are handed in; with a project, by its items, its policies, its zone and first locale.

    ProjectError: policy packs that cannot be used.
    """
    validator = validator or open_validator(project)
    if project is None:
        return TextJudge(validator, open_clock())
    check_policies(project.policies)
    catalog, policies = CatalogFacts(project, open_warehouse(project)), project.policies
    locale = project.settings.locales[0]
    return TextJudge(validator, open_clock(), catalog, locale=locale, policy=policies.policy(), policies=policies)


@cache
def _validator() -> Validator:
    return open_validator()
