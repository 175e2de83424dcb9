from dataclasses import replace

import pytest
import sqlalchemy as sa

from tailorbird.adapters.sql.decisions import SqlDecisionStore
from tailorbird.adapters.sql.feedback import SqlFeedback
from tailorbird.adapters.sql.outbox import SqlOutbox
from tailorbird.adapters.sql.tables import outbox
from tailorbird.testing.state_conformance import example_decision, example_message
from tailorbird.types.feedback import Feedback, Tally

pytestmark = pytest.mark.slow

EARLY, LATE = "2026-06-01T09:00:00+00:00", "2026-06-02T09:00:00+00:00"


def fill(engine: sa.Engine) -> list[str]:
    """Four people of `winback`, two in each variant, sent early and late, one failed; one of another campaign."""
    people = ("p1", "p2", "p3", "p4")
    decisions = [replace(example_decision(p), variant="a" if p in ("p1", "p2") else "b") for p in people]
    SqlDecisionStore(engine).save(decisions)
    messages = [
        replace(example_message(p), decision_id=d.decision_id, campaign="winback")
        for p, d in zip(people, decisions, strict=True)
    ]
    other = replace(example_message("p9"), campaign="other")
    SqlOutbox(engine).queue([*messages, other])
    with engine.begin() as connection:
        for one, state, at in zip(
            [*messages, other], ("sent", "sent", "sent", "failed", "sent"), (EARLY, LATE, LATE, LATE, LATE), strict=True
        ):
            here = outbox.c.message_id == one.message_id
            connection.execute(sa.update(outbox).where(here).values(state=state, at=at))
    return [one.message_id for one in [*messages, other]]


def test_feedback_counts_once_for_each_message_and_kind(engine: sa.Engine) -> None:
    kept, names = SqlFeedback(engine), fill(engine)
    rows = [Feedback(names[0], "complaint", "winback", LATE), Feedback(names[1], "complaint", "winback", LATE)]
    assert kept.newest("winback") == "0"
    assert kept.record(rows) == 2 and kept.record(rows) == 0
    assert kept.record([replace(rows[0], kind="unsubscribe")]) == 1
    assert kept.newest("winback") == "3" and kept.newest("other") == "0"
    assert kept.tallies("winback", "") == {"": Tally(3, 1, {"complaint": 2, "unsubscribe": 1})}


def test_messages_count_from_a_moment_on_by_variant_and_apart_from_other_campaigns(engine: sa.Engine) -> None:
    kept, names = SqlFeedback(engine), fill(engine)
    kept.record([Feedback(name, "complaint", "winback", LATE) for name in names[:4]])
    kept.record([Feedback(names[4], "complaint", "other", LATE)])
    assert kept.tallies("winback", LATE) == {"": Tally(2, 1, {"complaint": 3})}
    assert kept.tallies("winback", "", True) == {
        "a": Tally(2, 0, {"complaint": 2}), "b": Tally(1, 1, {"complaint": 2}),
    }  # fmt: skip
    assert kept.others("winback", "") == Tally(1, 0, {"complaint": 1})
    assert kept.others("nothing", "2027") == Tally()
    assert kept.tallies("unknown", "") == {}
