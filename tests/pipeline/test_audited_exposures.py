"""Every record has its entries, which come first."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from tailorbird.adapters.sql.audit_log import SqlAuditLog
from tailorbird.adapters.sql.audit_witness import AuditWitness
from tailorbird.adapters.sql.database import open_file
from tailorbird.adapters.sql.exposures import SqlExposures
from tailorbird.pipeline.audited_exposures import AuditedExposures
from tailorbird.testing.exposures_conformance import CHECKS, FIRST, MOMENT, MakeExposures
from tailorbird.types.exposure import Exposure


@pytest.fixture
def engine(tmp_path: Path) -> sa.Engine:
    return open_file(tmp_path / "state.db")


@pytest.fixture
def audit(engine: sa.Engine, tmp_path: Path) -> SqlAuditLog:
    return SqlAuditLog(engine, AuditWitness(tmp_path / "audit"), b"s" * 32)


def test_beginning_and_end_are_entries_about_nobody_with_the_hash_of_the_prompt(
    engine: sa.Engine, audit: SqlAuditLog
) -> None:
    store = AuditedExposures(SqlExposures(engine), audit)
    store.begin(FIRST)
    store.end(replace(FIRST, state="failed", ended_at=MOMENT + timedelta(seconds=3), requests=6))
    begun, ended = list(audit.rows())
    assert {(row.kind, row.key_id) for row in (begun, ended)} == {("exposure", "")}
    assert (begun.at, audit.read(begun)["state"]) == (MOMENT.isoformat(), "started")
    said = audit.read(ended)
    assert (said["state"], said["requests"], said["prompt_sha256"]) == ("failed", 6, "f" * 64)
    assert [one.state for one in store.find()] == ["failed"]


def test_the_entry_comes_before_the_record(engine: sa.Engine, audit: SqlAuditLog) -> None:
    class Full(SqlExposures):
        """Its disk is full."""

        def begin(self, exposure: Exposure) -> None:
            raise OSError("full")

    with pytest.raises(OSError, match="full"):
        AuditedExposures(Full(engine), audit).begin(FIRST)
    assert len(list(audit.rows())) == 1


@pytest.mark.slow
@pytest.mark.parametrize("check", CHECKS)
def test_it_is_a_store_like_any_other(
    check: Callable[[MakeExposures], None], engine: sa.Engine, audit: SqlAuditLog
) -> None:
    check(lambda: AuditedExposures(SqlExposures(engine), audit))
