"""What was decided and said of people who turned out to be one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tailorbird.adapters.sql.database import open_file
from tailorbird.adapters.sql.decisions import SqlDecisionStore
from tailorbird.pipeline.identities import Identities
from tailorbird.pipeline.merged_state import MergedDecisions, MergedSuppressions, standing_decision
from tailorbird.testing.state import MemorySuppressions
from tailorbird.types.decision import Arm, Decision
from tailorbird.types.identity import People

DAY = datetime(2026, 6, 1, tzinfo=UTC)
ONE = Identities(People({"old": "new", "new": "new"}, {"new": ("new", "old")}))


@pytest.fixture
def store(tmp_path: Path) -> SqlDecisionStore:
    return SqlDecisionStore(open_file(tmp_path / "state.db"))


def decision(person: str, arm: Arm, day: int = 0, step: str = "1") -> Decision:
    at = DAY + timedelta(days=day)
    return Decision(f"d-{person}-{step}", "win_back", step, person, arm, at, (), "", "", "", "")


def test_the_earliest_decision_of_a_person_stands_and_gives_the_arm(store: SqlDecisionStore) -> None:
    store.save([decision("old", "holdout"), decision("new", "treatment", 1), decision("else", "treatment")])
    found = MergedDecisions(store, ONE).find("win_back", "1")
    assert [(d.decision_id, d.person_id, d.arm) for d in found] == [
        ("d-else-1", "else", "treatment"),
        ("d-old-1", "new", "holdout"),
    ]
    assert len(MergedDecisions(store, Identities()).find("win_back", "1")) == 3


def test_of_two_decisions_of_one_moment_the_surviving_ids_own_stands() -> None:
    both = [decision("old", "treatment"), decision("new", "holdout")]
    assert standing_decision(both, "new").person_id == standing_decision(both[::-1], "new").person_id == "new"


def test_each_step_has_a_decision_that_stands(store: SqlDecisionStore) -> None:
    store.save(
        [decision("old", "treatment"), decision("new", "treatment", 5, "2"), decision("old", "treatment", 5, "2")]
    )
    assert [d.decision_id for d in MergedDecisions(store, ONE).find("win_back")] == ["d-new-2", "d-old-1"]


def test_messages_to_both_ids_count_together_for_the_cap(store: SqlDecisionStore) -> None:
    store.save([decision("old", "treatment"), decision("new", "treatment", 1)])
    merged = MergedDecisions(store, ONE)
    assert sorted(person for person, _ in merged.recent(DAY)) == ["new", "new"]
    assert merged.get("d-old-1") == replace(decision("old", "treatment"), person_id="new")
    assert merged.get("none") is None


def test_a_no_of_either_id_is_the_persons() -> None:
    for said_no in ("old", "new"):
        store = MemorySuppressions()
        merged = MergedSuppressions(store, ONE)
        assert merged.add(said_no, "email", "unsubscribed", "2026-06-01")
        assert merged.all("email") == {"new"}
        assert merged.among(["new", "old", "else"], "email") == {"new", "old"}
        assert store.all("email") == {said_no}  # kept under the id that said it: a merge may be undone
