"""A project as the red team's target."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tailorbird.pipeline.redteam.attack import Target
    from tailorbird.ports.generator import Generator
    from tailorbird.project.project import Project
    from tailorbird.types.campaign import Campaign


def open_target(project: "Project", campaign: "Campaign", model: "Generator | None" = None) -> "Target":
    """The project's items, rules and keys; without `model` an obedient one is attacked. CatalogError: no catalog."""
    from tailorbird.bootstrap.events import open_warehouse
    from tailorbird.bootstrap.models import open_masker
    from tailorbird.bootstrap.state import open_keys
    from tailorbird.bootstrap.system import open_clock
    from tailorbird.bootstrap.validation import open_validator
    from tailorbird.pipeline.facts import Facts
    from tailorbird.pipeline.redteam.attack import Target

    clock = open_clock()
    items = Facts(project, open_warehouse(project)).items(clock.now())
    return Target(
        project, campaign, items, open_validator(project), open_masker(project), open_keys(project), clock, model
    )
