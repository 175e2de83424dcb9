"""One message for each person and step."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tailorbird.adapters.sql.database import open_file
from tailorbird.adapters.sql.decisions import SqlDecisionStore
from tailorbird.pipeline.identities import Identities
from tailorbird.pipeline.one_message import OneMessage
from tailorbird.project.project import Project, load_project
from tailorbird.stages.channels.email_message import idempotency_key, message_id
from tailorbird.testing.state import MemoryOutbox
from tailorbird.types.campaign import Campaign
from tailorbird.types.decision import Arm, Decision
from tailorbird.types.identity import People
from tailorbird.types.message import Message
from tailorbird.types.receipt import Receipt

pytestmark = pytest.mark.slow

DAY = datetime(2026, 6, 1, tzinfo=UTC)
ONE = People({"old": "new", "new": "new"}, {"new": ("new", "old")})


def decision(person: str, arm: Arm = "treatment", day: int = 0) -> Decision:
    return Decision(f"d-{person}", "win_back", "1", person, arm, DAY + timedelta(days=day), (), "", "", "", "")


def message(person: str) -> Message:
    key = idempotency_key(f"d-{person}", "email")
    to = (person, "email_marketing", "email", "a@x.org")
    return Message(message_id(key), f"d-{person}", "win_back", "1", *to, "Hello", b"raw", key)


@pytest.fixture
def campaign(filled: Path) -> Campaign:
    project: Project = load_project(filled)
    return replace(project.campaign("win_back"), step="1")


@pytest.fixture
def decisions(tmp_path: Path) -> SqlDecisionStore:
    return SqlDecisionStore(open_file(tmp_path / "state.db"))


def test_people_of_one_id_never_give_way(campaign: Campaign, decisions: SqlDecisionStore) -> None:
    decisions.save([decision("old"), decision("new")])
    one = OneMessage(campaign, decisions, MemoryOutbox(), Identities())
    assert (one(message("old")), one(message("new"))) == ("", "")


def test_a_merge_that_becomes_known_later_counts_and_so_does_its_end(
    campaign: Campaign, decisions: SqlDecisionStore
) -> None:
    decisions.save([decision("old"), decision("new", day=1)])
    identities = Identities()
    one = OneMessage(campaign, decisions, MemoryOutbox(), identities)
    identities.update(ONE)
    assert one(message("new")) == "another message of this step goes to this person"
    assert one(message("old")) == ""  # the earlier decision stands
    identities.update(People())
    assert one(message("new")) == ""


def test_the_arm_of_the_decision_that_stands_holds_for_both(campaign: Campaign, decisions: SqlDecisionStore) -> None:
    decisions.save([decision("old"), decision("new", "holdout")])
    one = OneMessage(campaign, decisions, MemoryOutbox(), Identities(ONE))
    assert "held out" in one(message("old"))


def test_where_the_other_message_has_left_already_this_one_stays(
    campaign: Campaign, decisions: SqlDecisionStore
) -> None:
    decisions.save([decision("old"), decision("new")])
    outbox = MemoryOutbox([message("old"), message("new")])
    one = OneMessage(campaign, decisions, outbox, Identities(ONE))
    assert one(message("new")) == ""
    outbox.claim("win_back", "1", 10)
    outbox.settle([Receipt(message("old").idempotency_key, "sent", DAY)])
    assert one(message("new")) == "another message of this step went to this person"
