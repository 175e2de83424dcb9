"""Files under pseudonyms: recorded, and found when the person is erased."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.adapters.files.personal import find_person
from tailorbird.bootstrap.pseudonyms import exported_files
from tailorbird.cli.terminal import Quiet
from tailorbird.types.person import Person
from tests.person_search import ZED, meet

pytestmark = pytest.mark.slow


def test_erasing_takes_the_pseudonyms_out_of_our_files_and_names_the_others(ran: Any, tmp_path: Path) -> None:
    project = ran.project
    meet(project)
    names = [bootstrap.open_pseudonyms(project, purpose)(ZED) for purpose in ("analysis", "research")]
    other = bootstrap.open_pseudonyms(project, "analysis")("somebody-else")
    own, theirs = project.state_dir / "audiences" / "lapsed.jsonl", tmp_path / "sent.jsonl"
    own.parent.mkdir(exist_ok=True)
    for path in (own, theirs):
        path.write_text("".join(json.dumps({"person_id": name}) + "\n" for name in (*names, other)))
        bootstrap.record_export(project, "audience", path, 3, "analysis")
    assert exported_files(project) == {theirs.resolve()}
    found, _, _ = bootstrap.find_anybody(project, ZED)
    assert found is not None
    assert theirs.resolve() in bootstrap.inputs_with(project, found)
    bootstrap.forget_person(project, found, "asked", Quiet())
    assert [json.loads(line)["person_id"] for line in own.read_text().splitlines()] == [other]
    named = Person("zz-is-no-id-zz", traces=frozenset(names))
    assert find_person([path for path in project.state_dir.rglob("*") if path.is_file()], named) == []


def test_pseudonyms_of_somebody_are_those_of_every_purpose_that_was_used(ran: Any) -> None:
    project = ran.project
    made = {bootstrap.open_pseudonyms(project, purpose)(ZED) for purpose in ("analysis", "research")}
    assert bootstrap.pseudonyms_of(project, [ZED]) == made


def test_a_key_that_is_destroyed_is_an_audit_entry(ran: Any) -> None:
    from tailorbird.adapters.keys.epochs import EpochKeys
    from tailorbird.stages.privacy.pseudonyms import epoch_of

    project = ran.project
    keys = EpochKeys(project.state_dir / "keys" / "pseudonyms")
    keys.key("analysis", epoch_of(datetime(2020, 6, 1, tzinfo=UTC), 90))
    bootstrap.open_pseudonyms(project, "analysis")
    log = bootstrap.open_audit(project)
    (entry,) = [log.read(row) for row in log.rows() if row.kind == "pseudonym keys destroyed"]
    assert [key["purpose"] for key in entry["keys"]] == ["analysis"]
    assert len(list(keys.living())) == 1
