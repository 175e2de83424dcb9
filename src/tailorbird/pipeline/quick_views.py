"""The views over the log, made of facts that are kept of it: without looking at every event once more."""

from typing import Literal

from tailorbird.pipeline.identities import resolve_identities
from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.events.marks_sql import counted_query, marked_query, not_counted_query
from tailorbird.stages.events.views import events_query, people_query
from tailorbird.stages.events.words_sql import known_query, unknown_sharers_query
from tailorbird.types.event import EVENT_COLUMNS
from tailorbird.types.event_columns import EventFacts
from tailorbird.types.settings import IdentitySettings

_PAIRS = (
    "SELECT anonymous_id, user_id, min(first_at) AS first_at, max(last_at) AS last_at, "
    'CAST(sum("count") AS BIGINT) AS "count" FROM kept_pairs GROUP BY anonymous_id, user_id'
)


def make_quick_views(warehouse: Warehouse, facts: EventFacts, identity: IdentitySettings) -> bool:
    """Make what `make_views` makes, over a relation `event_segments` that holds each message_id once.

    `people`, `not_counted` and the tables of identities are made of the facts; `events` and what it is made of are
    views over all events. False: the facts cannot tell everybody who is known.
    """
    for name, files in (("kept_words", facts.words), ("kept_pairs", facts.pairs), ("kept_ids", facts.ids)):
        warehouse.attach(name, files)
    columns = ", ".join(f'"{name}"' for name, _ in EVENT_COLUMNS)
    make_anew(warehouse, "VIEW", "first_events", f"SELECT {columns} FROM event_segments")
    make_anew(warehouse, "TABLE", "word_events", f"SELECT {columns} FROM kept_words")
    resolve_identities(warehouse, "first_events", identity, words="word_events", paired=_PAIRS)
    made: tuple[tuple[Literal["TABLE", "VIEW"], str, str], ...] = (
        ("VIEW", "person_words", events_query("word_events")),
        ("TABLE", "all_words", marked_query("person_words")),
        ("TABLE", "not_counted", not_counted_query("all_words")),
        ("TABLE", "known_people", known_query("kept_ids", "word_events", "not_counted")),
        ("TABLE", "people", people_query(f"({counted_query('all_words')})", "known_people")),
        ("VIEW", "person_events", events_query("first_events")),
        ("VIEW", "all_events", marked_query("person_events")),
        ("VIEW", "events", counted_query("all_events")),
    )
    for kind, name, query in made:
        make_anew(warehouse, kind, name, query)
    return bool(warehouse.rows(unknown_sharers_query("known_people"))[0][0] == 0)


def make_anew(warehouse: Warehouse, kind: Literal["TABLE", "VIEW"], name: str, query: str) -> None:
    """Make a table or view in the place of whatever has its name."""
    for other, said in (("VIEW", "VIEW"), ("TABLE", "BASE TABLE")):
        found = warehouse.rows(
            f"SELECT count(*) FROM information_schema.tables WHERE table_name = '{name}' AND table_type = '{said}'"
        )
        if found[0][0]:
            warehouse.run(f"DROP {other} {name}")
    warehouse.run(f"CREATE {kind} {name} AS {query}")
