from datetime import UTC, datetime
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.pipeline.catalog import load_catalog
from tailorbird.pipeline.explain import UnknownPersonError, explain_person
from tailorbird.pipeline.people import open_views
from tailorbird.pipeline.select_people import select_for_campaign

MOMENT = datetime(2026, 6, 1, tzinfo=UTC)


def test_the_explanation_agrees_with_the_audience_for_everybody_asked(shop: Any) -> None:
    project, campaign = shop.project, shop.campaign
    warehouse, log, state = (
        bootstrap.open_warehouse(project),
        bootstrap.open_log(project),
        bootstrap.open_state(project),
    )
    open_views(warehouse, log)
    log.close()
    items = load_catalog(warehouse, project.state_dir)
    chosen = select_for_campaign(project, campaign, MOMENT, warehouse, state.decisions, state.suppressions, items)
    inside = {chosen.profiles[row].person_id for row in (*chosen.treated, *chosen.holdout)}
    outside = [p.person_id for p in chosen.profiles if p.person_id not in inside]
    for person in sorted(inside)[:2]:
        assert explain_person(project, "lapsed", person, MOMENT, warehouse).included
    reasons = [explain_person(project, "lapsed", person, MOMENT, warehouse) for person in outside[:3]]
    assert all(membership.reason for membership in reasons)


def test_unknown_names_are_told_with_the_nearest_one(shop: Any) -> None:
    project = shop.project
    warehouse, log = bootstrap.open_warehouse(project), bootstrap.open_log(project)
    open_views(warehouse, log)
    log.close()
    with pytest.raises(UnknownPersonError, match="did you mean 'lapsed'"):
        explain_person(project, "lapset", "p", MOMENT, warehouse)
    with pytest.raises(UnknownPersonError, match="no person 'nobody'"):
        explain_person(project, "lapsed", "nobody", MOMENT, warehouse)
