"""People: the warehouse's views over the event log, and everybody's features and profiles in columns."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from tailorbird.pipeline.consents import ConsentJudge
from tailorbird.pipeline.identities import resolve_identities
from tailorbird.ports.event_log import EventLog
from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.consent.effective import ConsentRules
from tailorbird.stages.events.loose_json import read_loose_json
from tailorbird.stages.events.marks_sql import counted_query, marked_query
from tailorbird.stages.events.views import events_query, firsts_query, people_query, repeats_query
from tailorbird.stages.features.compile import compile_features, decode_values
from tailorbird.stages.features.definitions import FeatureError
from tailorbird.stages.features.withhold import withhold_features
from tailorbird.stages.identity.email_address import EmailAddress, read_email
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.feature import FeatureDefinition, FeatureTable, RawFeatures
from tailorbird.types.profile import Profile
from tailorbird.types.settings import ConsentSettings, IdentitySettings, QaSettings

MATERIALISE_BYTES = 256 * 1024 * 1024
"""Up to this size of segments the views become tables: every reader then pays for deduplication once."""


class NoEventsError(TailorbirdError):
    """The event log is empty, so there is nobody to write to. One sentence with the mend."""


def open_views(
    warehouse: Warehouse,
    log: EventLog,
    identity: IdentitySettings | None = None,
    testers: QaSettings | None = None,
) -> None:
    """Make `events` and `people` in the warehouse from the log as it is now. NoEventsError: the log is empty.

    `events` holds what counts. `all_events` has machine and test traffic too, told apart by `machine` and `test`.
    Beside them, `first_events` has every event once, and the tables `identity_people` and `identity_devices` say who
    is whom, by the project's `identity` settings.
    """
    segments = log.seal()
    if not segments:
        raise NoEventsError("there are no events yet; run `tailorbird import`, or send events to the server")
    warehouse.attach("event_segments", segments)
    small = sum(segment.stat().st_size for segment in segments) <= MATERIALISE_BYTES
    make_views(warehouse, "TABLE" if small else "VIEW", identity, testers)


def make_views(
    warehouse: Warehouse,
    kind: Literal["TABLE", "VIEW"],
    identity: IdentitySettings | None = None,
    testers: QaSettings | None = None,
) -> None:
    """What `open_views` makes, over a relation `event_segments` that is there already; `kind` is TABLE or VIEW."""
    warehouse.run(f"CREATE OR REPLACE TABLE event_repeats AS {repeats_query('event_segments')}")
    warehouse.run(f"CREATE OR REPLACE VIEW first_events AS {firsts_query('event_segments', 'event_repeats')}")
    tests = testers or QaSettings()
    resolve_identities(warehouse, "first_events", identity or IdentitySettings())
    everything = marked_query("person_events", tests.people, tests.addresses)
    for name, made, query in (
        ("person_events", "VIEW", events_query("first_events")),
        ("all_events", kind, everything),
        ("events", "VIEW", counted_query("all_events")),
        ("people", kind, people_query("events")),
    ):
        for other in ("VIEW", "TABLE"):
            _drop(warehouse, other, name)
        warehouse.run(f"CREATE {made} {name} AS {query}")


def _drop(warehouse: Warehouse, kind: str, name: str) -> None:
    found = warehouse.rows(
        f"SELECT count(*) FROM information_schema.tables WHERE table_name = '{name}' "
        f"AND table_type = '{'VIEW' if kind == 'VIEW' else 'BASE TABLE'}'"
    )
    if found[0][0]:
        warehouse.run(f"DROP {kind} {name}")


def compute_features(
    warehouse: Warehouse,
    definitions: Sequence[FeatureDefinition],
    as_of: datetime,
    timezone: str = "UTC",
    rules: ConsentRules | None = None,
) -> tuple[FeatureTable, list[Profile]]:
    """Every known person's features at `as_of` and profile, in the same order (by person_id).

    Features that a person's consent, by `rules`, does not cover are withheld. A naive `as_of` is in the project's
    `timezone`. `open_views` must have run.
    """
    moment = as_of if as_of.tzinfo else as_of.replace(tzinfo=ZoneInfo(timezone))
    moment = moment.astimezone(UTC)
    stamp = moment.replace(tzinfo=None).isoformat(sep=" ")
    profiles = read_profiles(warehouse, rules, moment)
    warehouse.run(
        f"CREATE OR REPLACE TEMP TABLE spine AS SELECT person_id, CAST('{stamp}' AS TIMESTAMP) AS as_of FROM people"
    )
    rows = warehouse.rows(compile_features(definitions, timezone))
    if len(rows) != len(profiles):
        written = ", ".join(definition.name for definition in definitions if definition.kind == "sql")
        raise FeatureError(f"a feature in SQL ({written}) gives several rows for one person and moment; group them")
    by_column: list[Sequence[Any]] = (
        list(zip(*rows, strict=True)) if rows else [[] for _ in range(len(definitions) + 2)]
    )
    columns: dict[str, Sequence[Any]] = {}
    for definition, values in zip(definitions, by_column[2:], strict=True):
        columns[definition.name] = decode_values(definition, values)
    table = RawFeatures(moment, list(by_column[0]), columns)
    consents = [profile.consents for profile in profiles]
    return withhold_features(table, definitions, consents), profiles


def read_profiles(
    warehouse: Warehouse, rules: ConsentRules | None = None, moment: datetime | None = None
) -> list[Profile]:
    """Every known person's profile, by person_id; `consents` is what `rules` say is in force at `moment`.

    `email` is an address that can be written to, or None: what the traits hold may be none.
    """
    rows = warehouse.rows(
        "SELECT person_id, email, first_name, locale, timezone, country, traits, consents FROM people "
        "ORDER BY person_id"
    )
    judge = ConsentJudge(rules or ConsentRules(ConsentSettings()), warehouse, moment or datetime.now(UTC))
    return [
        Profile(
            person_id=person_id,
            traits=_traits(traits),
            consents=(said := judge(person_id, consents, country)).in_force,
            email=found.address if isinstance(found := read_email(email), EmailAddress) else None,
            first_name=first_name,
            locale=locale,
            timezone=timezone,
            country=country,
            words=said.words,
            purchased_at=said.purchased_at,
        )
        for person_id, email, first_name, locale, timezone, country, traits, consents in rows
    ]


def _traits(text: str) -> Any:
    """The traits that can be read: one loose value that is in the log for ever must not stop every command."""
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return read_loose_json(text)
