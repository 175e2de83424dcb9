"""Feedback about messages, and its counts beside those of what was sent."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict

import sqlalchemy as sa

from tailorbird.adapters.sql.database import insert_new, reading
from tailorbird.adapters.sql.experiment_tables import feedback
from tailorbird.adapters.sql.tables import decisions, outbox
from tailorbird.types.feedback import Feedback, Tally

_LEFT = ("sent", "failed")


class SqlFeedback:
    """`FeedbackStore` in the state database."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def record(self, rows: Sequence[Feedback]) -> int:
        """Keep what is new; how many rows that were."""
        with self._engine.begin() as connection:
            return sum(insert_new(connection, feedback, [asdict(row)]) for row in rows)

    def tallies(self, campaign: str, since: str, by_variant: bool = False) -> Mapping[str, Tally]:
        """{variant: what happened to the campaign's messages that were sent at or after `since`}."""
        return self._count(outbox.c.campaign == campaign, since, by_variant)

    def others(self, campaign: str, since: str) -> Tally:
        """The same of all other campaigns together."""
        return self._count(outbox.c.campaign != campaign, since, False).get("", Tally())

    def newest(self, campaign: str) -> str:
        """How many rows there are of the campaign: none is ever removed."""
        count = sa.select(sa.func.count()).where(feedback.c.campaign == campaign)
        with reading(self._engine) as connection:
            return str(connection.execute(count).scalar())

    def _count(self, which: sa.ColumnElement[bool], since: str, by_variant: bool) -> Mapping[str, Tally]:
        left = sa.and_(which, outbox.c.state.in_(_LEFT), outbox.c.at >= since)
        variant = decisions.c.variant if by_variant else sa.literal("")
        ended = sa.select(variant.label("variant"), outbox.c.state, sa.func.count().label("messages"))
        heard = sa.select(variant.label("variant"), feedback.c.kind, sa.func.count().label("messages"))
        decided = decisions.c.decision_id == outbox.c.decision_id
        source: sa.FromClause = outbox.join(decisions, decided) if by_variant else outbox
        told = feedback.join(outbox, outbox.c.message_id == feedback.c.message_id)
        told = told.join(decisions, decided) if by_variant else told
        columns = [decisions.c.variant] if by_variant else []
        sent: dict[str, Counter[str]] = defaultdict(Counter)
        kinds: dict[str, Counter[str]] = defaultdict(Counter)
        with reading(self._engine) as connection:
            query = ended.select_from(source).where(left).group_by(*columns, outbox.c.state)
            for row in connection.execute(query):
                sent[row.variant][row.state] += row.messages
            query = heard.select_from(told).where(left).group_by(*columns, feedback.c.kind)
            for row in connection.execute(query):
                kinds[row.variant][row.kind] += row.messages
        return {name: Tally(sent[name]["sent"], sent[name]["failed"], dict(kinds[name])) for name in {*sent, *kinds}}
