"""The suite of review queues finds a queue that lets two reviewers win."""

import pytest
import sqlalchemy as sa

from tailorbird.adapters.sql import review_queue
from tailorbird.adapters.sql.creatives import SqlCreativeStore
from tailorbird.adapters.sql.database import open_database
from tailorbird.adapters.sql.review_queue import SqlReviewQueue
from tailorbird.testing.review_conformance import check_acts, check_race, check_standing
from tailorbird.types.review import ReviewAct, UnqueuedLine


@pytest.fixture
def engine(tmp_path: object) -> sa.Engine:
    return open_database(f"sqlite:///{tmp_path}/state.db")


@pytest.mark.slow
def test_a_queue_that_forgets_the_revision_fails(engine: sa.Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    real = review_queue._change

    def careless(connection: sa.Connection, act: object, change: object) -> None:
        query = sa.select(review_queue._Q.revision)
        found = connection.execute(query).scalars().first() or 0
        real(connection, act, review_queue.ReviewChange(change.entry, found, change.approval))  # type: ignore

    monkeypatch.setattr(review_queue, "_change", careless)
    with pytest.raises(AssertionError):
        check_race(SqlCreativeStore(engine), SqlReviewQueue(engine))


class Forgetful(SqlReviewQueue):
    """Never names a line that waits without an entry."""

    def unqueued(self, limit: int) -> list[UnqueuedLine]:
        return []


def test_a_queue_that_names_no_waiting_line_fails(engine: sa.Engine) -> None:
    with pytest.raises(AssertionError):
        check_standing(SqlCreativeStore(engine), Forgetful(engine))


class Rash(SqlReviewQueue):
    """Keeps an act on another text than was read."""

    def record(self, act, change=None, new=None):  # type: ignore
        line = self.get(act.creative_id)
        digest = line.creative.content_hash if line else act.content_hash
        super().record(ReviewAct(act.creative_id, digest, act.act, act.by, act.role, act.text, act.at), change, new)


def test_a_queue_that_keeps_an_act_on_another_text_fails(engine: sa.Engine) -> None:
    with pytest.raises(AssertionError):
        check_acts(SqlCreativeStore(engine), Rash(engine))
