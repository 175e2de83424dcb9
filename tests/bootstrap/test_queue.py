"""The queue of a project on disk."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.types.event import Event
from tests.pipeline.test_empty_queue import message

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_a_project_without_state_gets_none(wren: Any, tmp_path: Path) -> None:
    project = replace(wren, root=tmp_path)
    assert bootstrap.empty_queue(project) == 0
    assert not (tmp_path / ".tailorbird" / "state.db").exists()


@pytest.mark.slow
def test_what_was_said_while_nothing_ran_empties_the_queue_and_is_audited(wren: Any, tmp_path: Path) -> None:
    project = replace(wren, root=tmp_path)
    state, log = bootstrap.open_state(project), bootstrap.open_log(project)
    state.outbox.queue([message("ana"), message("ben")])
    said = {"consents": {"email_marketing": False}}
    log.append([Event("track", "e1", NOON, NOON, "ana", event="Consent Updated", properties=said)])
    log.close()
    assert bootstrap.empty_queue(project) == 1
    assert state.waiting.people() == ["ben"]
    audit = bootstrap.open_audit(project)
    (entry,) = [audit.read(row) for row in audit.rows("ana")]
    assert (entry["status"], entry["reason"]) == ("withdrawn", "consent withdrawn: the person said no")


def test_the_watch_of_a_project_looks_at_its_log(wren: Any, tmp_path: Path) -> None:
    project = replace(wren, root=tmp_path)
    watch, log = bootstrap.open_words_watch(project), bootstrap.open_log(project)
    assert not watch.news()
    log.append([Event("alias", "e1", NOON, NOON, "ana", "old")])
    assert watch.news()
    log.close()
