"""One person: their features, and why they are in an audience, or are not."""

from datetime import datetime

from tailorbird.pipeline.audiences import named_audience
from tailorbird.pipeline.identities import read_identities
from tailorbird.pipeline.people import compute_features
from tailorbird.ports.warehouse import Warehouse
from tailorbird.project.project import Project
from tailorbird.stages.audiences.rules import explain_membership
from tailorbird.stages.consent.effective import ConsentRules
from tailorbird.stages.features.withhold import features_of
from tailorbird.types.audience import Membership
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.feature import Features


class UnknownPersonError(TailorbirdError):
    """No person of that name."""


def explain_person(
    project: Project, audience: str, person_id: str, as_of: datetime, warehouse: Warehouse
) -> Membership:
    """Every condition of the audience's rule with the value it saw at `as_of`. `warehouse` holds the views."""
    rule = named_audience(project, audience)
    return explain_membership(rule, features_of_person(project, person_id, as_of, warehouse))


def features_of_person(project: Project, person_id: str, as_of: datetime, warehouse: Warehouse) -> Features:
    """One person's features at `as_of`: values, what is missing, what is withheld and why.

    `person_id` may be any id that the person is known by. UnknownPersonError: nobody is.
    """
    settings = project.settings
    table, _ = compute_features(warehouse, project.features, as_of, settings.timezone, ConsentRules(settings.consent))
    person_id = read_identities(warehouse).person_of(person_id)
    try:
        row = list(table.person_ids).index(person_id)
    except ValueError:
        raise UnknownPersonError(f"there is no person {person_id!r} among {len(table.person_ids):,}") from None
    return features_of(table, row, project.features)
