"""The gallery of finished messages."""

from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.cli.gallery import spread, write_gallery

pytestmark = pytest.mark.slow


def test_the_gallery_shows_messages_that_differ_and_is_one_file(ran: Any) -> None:
    project = ran.project
    path, subjects = write_gallery(project, project.campaign("win_back"), bootstrap.open_state(project), 4)
    assert len(subjects) == 4 == len({name for name, _, _ in subjects})
    page = path.read_text()
    assert all(name in page for name, _, _ in subjects)
    assert '<img src="http' not in page


def test_different_briefs_and_locales_come_first_in_a_stable_order(ran: Any) -> None:
    decided = [d for d in bootstrap.open_state(ran.project).decisions.find("win_back", "1") if d.arm == "treatment"]
    kinds = {(d.subject, d.locale) for d in decided}
    shown = spread(decided, len(kinds))
    assert {(d.subject, d.locale) for d in shown} == kinds
    assert spread(list(reversed(decided)), 1)[0].arm == "treatment"
    assert spread(decided, 5) == spread(decided, 5)
