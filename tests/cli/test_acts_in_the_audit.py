"""What people do by commands is in the audit log, and nothing personal stands there in clear."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tailorbird import bootstrap
from tailorbird.pipeline.verify_audit import verify_audit
from tailorbird.project.project import Project, load_project
from tailorbird.types.event import Event

pytestmark = pytest.mark.slow

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


@pytest.fixture
def project(shop: Any) -> Project:
    return load_project(shop.root)


def entries(project: Project, kind: str, person: str | None = None) -> list[Any]:
    log = bootstrap.open_audit(project)
    return [log.read(row) for row in log.rows(person) if row.kind == kind]


def test_exports_merges_and_splits_are_told_and_unreadable_once_the_person_is_erased(
    tailorbird: Any, project: Project, tmp_path: Path
) -> None:
    root = project.root
    person = bootstrap.open_events(project).rows("SELECT min(person_id) FROM people")[0][0]
    log = bootstrap.open_log(project)
    log.append([Event("track", "t1", NOON, NOON, "twin", event="Product Viewed")])
    log.close()
    tailorbird("privacy", "export", person, root, "-o", tmp_path / "copy.json")
    tailorbird("features", "export", root, "--as-of", "2026-05-30", "-o", tmp_path / "set.parquet")
    tailorbird("audience", "build", "lapsed", root, "-o", tmp_path)
    tailorbird("audience", "sample", "lapsed", root)
    tailorbird("identity", "merge", person, "twin", root, "--by", "eve", "--reason", "wrote so")
    tailorbird("identity", "unmerge", person, "twin", root, "--by", "eve", "--reason", "did not")
    (copy,) = entries(project, "person exported", person)
    assert copy["actor"] == bootstrap.login() and copy["events"] > 0
    assert [one["what"] for one in entries(project, "export")] == ["training set", "audience"]
    assert {one["actor"] for one in entries(project, "export")} == {bootstrap.login()}
    assert [one["object"] for one in entries(project, "audience sampled")] == ["lapsed"]
    (merged,), (split,) = entries(project, "identity merged", person), entries(project, "identity split", "twin")
    assert (merged["by"], merged["reason"], split["reason"]) == ("eve", "wrote so", "did not")
    clear = b"".join(row.payload for row in bootstrap.open_audit(project).rows())
    assert person.encode() not in clear and b"twin" not in clear
    assert tailorbird("privacy", "erase", person, root, "--reason", "asked", "--yes").code == 0
    assert entries(project, "person exported") == [None]
    witness = bootstrap.open_witness(project)
    assert verify_audit(bootstrap.open_audit(project), witness.leaves(), witness.heads(), []).sound


def test_changes_of_the_catalog_are_told(tailorbird: Any, project: Project, tmp_path: Path) -> None:
    root = project.root
    items = root / "catalog" / "items.csv"
    rows = items.read_text().splitlines()
    (tmp_path / "fewer.csv").write_text("\n".join(rows[:-1]) + "\n")
    tailorbird("catalog", "publish", tmp_path / "fewer.csv", root, "--mapping", "catalog", "--dry-run")
    before = len(entries(project, "catalog published"))
    assert before >= 1  # the import
    tailorbird("catalog", "publish", tmp_path / "fewer.csv", root, "--mapping", "catalog")
    published = entries(project, "catalog published")
    assert len(published) == before + 1 and published[-1]["file"] == "fewer.csv"
    tailorbird("catalog", "rollback", "previous", root)
    (switched,) = entries(project, "catalog switched")
    assert (switched["before"], switched["object"]) == (published[-1]["object"], published[-1]["before"])


def test_a_suppression_by_hand_says_whose_login_made_it(tailorbird: Any, project: Project) -> None:
    tailorbird("consent", "suppress", "ana", project.root, "--reason", "asked on the phone")
    tailorbird("consent", "unsuppress", "ana", project.root, "--reason", "came back")
    for kind, reason in (("suppression", "asked on the phone"), ("suppression lifted", "came back")):
        (entry,) = entries(project, kind, "ana")
        assert (entry["actor"], entry["reason"]) == (bootstrap.login(), reason)
