"""The desk, the renderer and the keys of a project."""

from datetime import UTC, datetime
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.bootstrap.review import current_items
from tailorbird.pipeline.update_catalog import patch_catalog
from tailorbird.stages.review.policy import content_hash
from tailorbird.types.creative import Creative
from tailorbird.types.review import QueueFilter

pytestmark = pytest.mark.slow

TEXT = "Worth a look: {{ item.name }}"


def test_what_the_desk_does_is_in_the_audit_log(shop: Any) -> None:
    project = shop.project
    state = bootstrap.open_state(project)
    state.creatives.save([Creative("c_1", "b", "win_back", "subject", "en-GB", TEXT, "model", content_hash(TEXT))])
    desk = bootstrap.open_desk(project, state)
    assert desk.page(QueueFilter(), 10).total == 1
    desk.approve("c_1", desk.person("tom"))
    assert [row.kind for row in bootstrap.open_audit(project).rows()][-1] == "review"
    assert bootstrap.open_renderer(project, state).render(desk.line("c_1").creative).message.subject
    assert bootstrap.open_reviewer_keys(project).every() == []


def test_items_are_read_again_when_another_version_holds(shop: Any) -> None:
    project = shop.project
    read = current_items(project)
    first = read()
    assert read() is first
    rows = [(1, {"item_id": "hobbin-kettle", "price": "1.23"})]
    patch_catalog(bootstrap.open_warehouse(project), project.state_dir, rows, datetime.now(UTC), "test")
    assert str(read()["hobbin-kettle"].price) == "1.23"
