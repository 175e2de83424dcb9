"""The quarantine on the command line."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.adapters.files.quarantine import FolderQuarantine
from tailorbird.cli.quarantine import choose, count_by_reason
from tailorbird.project.project import load_project
from tailorbird.types.quarantined import INTAKE, Quarantined, quarantine
from tests.pipeline.test_empty_queue import message

pytestmark = pytest.mark.slow

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOSTILE = '{"event": "\x1b]0;owned\x07\u202eevil\r\n' + "x" * 5000


def row(n: int, reason: str, source: str = INTAKE) -> Quarantined:
    return quarantine(source, "/v1/batch", reason, f"body {n}", NOON + timedelta(minutes=n))


def test_the_example_of_what_is_wanted_is_told_whole() -> None:
    wanted = "timestamp must be a time such as 2026-06-01T09:30:00Z"
    column = "at: is not a date and time as 2026-06-01 09:30 or 2026-06-01T09:30:00+02:00"
    counted = count_by_reason([row(1, wanted), row(2, wanted), row(3, column), row(4, "known since 2026-06-01")])
    assert counted == {wanted: 2, column: 1, "known since …-…-…": 1}


@pytest.fixture
def fresh(filled: Path, tmp_path: Path) -> Path:
    shutil.copytree(filled, tmp_path / "wren", ignore=shutil.ignore_patterns(".tailorbird", "media"))
    return tmp_path / "wren"


@pytest.fixture
def project(fresh: Path) -> Path:
    store = FolderQuarantine(fresh / ".tailorbird" / "quarantine")
    store.add([row(1, "userId has 300 characters; at most 256 are taken"), row(2, "one of userId is needed")])
    store.add([row(3, "userId has 9,000 characters; at most 256 are taken")])
    store.add([row(4, "price: is not a number", "imports/orders.yaml"), replace(row(5, "bad\x1b[2J"), body=HOSTILE)])
    return fresh


def test_the_counts_come_first_and_numbers_do_not_split_a_reason(tailorbird: Any, project: Path) -> None:
    said = tailorbird("quarantine", "list", project, "--json").json
    assert said["rows"] == 5
    assert said["by_reason"]["userId has … characters; at most … are taken"] == 2
    assert next(iter(said["by_reason"].values())) == 2
    assert [shown["body"] for shown in said["shown"][1:]] == ["body 4", "body 3", "body 2", "body 1"]


def test_rows_are_chosen_by_reason_and_source_and_limited(tailorbird: Any, project: Path) -> None:
    said = tailorbird("quarantine", "list", project, "--reason", "USERID", "--limit", "1", "--json").json
    assert (said["rows"], len(said["shown"])) == (3, 1)
    by_source = tailorbird("quarantine", "list", project, "--source", "imports/orders.yaml", "--json").json
    assert [shown["source"] for shown in by_source["shown"]] == ["imports/orders.yaml"]
    assert "2 more" in tailorbird("quarantine", "list", project, "--reason", "userId", "--limit", "1").out


def test_nothing_from_outside_acts_on_the_terminal(tailorbird: Any, project: Path) -> None:
    out = tailorbird("quarantine", "list", project).out
    assert all(char.isprintable() or char == "\n" for char in out)
    assert "\\x1b]0;owned" in out and "\\u202eevil\\r\\n" in out and "(5,0" in out
    assert max(map(len, out.splitlines())) < 400


def test_a_replay_says_what_passed_and_what_stays_and_needs_to_know_which_rows(tailorbird: Any, project: Path) -> None:
    assert "--all" in tailorbird("quarantine", "replay", project).error
    assert "no row with the id 'gone' waits" in tailorbird("quarantine", "replay", project, "--id", "gone").error
    good = '{"type": "identify", "userId": "u", "traits": {"email": "u@mail.example"}, "messageId": "m"}'
    mended = quarantine(INTAKE, "/v1/batch", "mended", good, NOON)
    FolderQuarantine(project / ".tailorbird" / "quarantine").add([mended])
    said = tailorbird("quarantine", "replay", project, "--id", mended.id, "--json").json
    assert said == {"chosen": 1, "passed": 1, "events": 1, "by_reason": {}, "withdrawn": 0}
    out = tailorbird("quarantine", "replay", project, "--reason", "userId").out
    assert out.startswith("3 rows judged again: 0 passed, 0 new events\n") and "stay: not valid JSON" in out
    assert tailorbird("quarantine", "list", project, "--json").json["rows"] == 5


def test_a_no_that_a_replay_brings_empties_the_queue(tailorbird: Any, project: Path) -> None:
    state = bootstrap.open_state(load_project(project))
    state.outbox.queue([message("ana"), message("ben")])
    no = '{"type": "identify", "userId": "ana", "traits": {"consents": {"email_marketing": false}}, "messageId": "m"}'
    mended = quarantine(INTAKE, "/v1/batch", "mended", no, NOON)
    FolderQuarantine(project / ".tailorbird" / "quarantine").add([mended])
    out = tailorbird("quarantine", "replay", project, "--id", mended.id).out
    assert "1 queued messages are withdrawn" in out
    assert state.waiting.people() == ["ben"]


def test_an_empty_quarantine_says_so(tailorbird: Any, fresh: Path) -> None:
    assert tailorbird("quarantine", "list", fresh).out == "nothing is in quarantine\n"


def test_rows_are_chosen_newest_first_and_counted_by_what_their_reasons_share() -> None:
    rows = [row(1, "a 'x' b"), row(2, "A 'yy' c"), row(3, "a 'z' b")]
    assert [chosen.body for chosen in choose(rows, "a '")] == ["body 3", "body 2", "body 1"]
    assert count_by_reason(rows) == {"a … b": 2, "A … c": 1}
