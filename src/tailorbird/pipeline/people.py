"""People: the warehouse's views over the event log, and everybody's features and profiles in columns."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

import msgspec

from tailorbird.pipeline.consents import ConsentJudge
from tailorbird.pipeline.feature_values import features_by_lanes, features_by_sql
from tailorbird.pipeline.identities import resolve_identities
from tailorbird.pipeline.quick_views import make_anew, make_quick_views
from tailorbird.ports.event_log import EventLog
from tailorbird.ports.warehouse import Warehouse, WarehouseError
from tailorbird.stages.consent.effective import ConsentRules
from tailorbird.stages.events.loose_json import read_loose_json
from tailorbird.stages.events.marks_sql import counted_query, marked_query, not_counted_query
from tailorbird.stages.events.views import events_query, firsts_query, people_query, repeats_query
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
    often: bool = True,
) -> None:
    """Make `events` and `people` in the warehouse from the log as it is now. NoEventsError: the log is empty.

    Whoever reads little but people and features says so: `often` False leaves `events` a view, and reads of the log no
    more than is new since its facts were last kept, where the warehouse has them.
    `events` holds what counts. `all_events` has machine and test traffic too, told apart by `machine` and `test`.
    Beside them, `first_events` has every event once, and the tables `identity_people` and `identity_devices` say who
    is whom, by the project's `identity` settings.
    """
    segments = log.seal()
    if not segments:
        raise NoEventsError("there are no events yet; run `tailorbird import`, or send events to the server")
    warehouse.attach("event_segments", segments)
    warehouse.load("event_files", {"place": range(len(segments)), "path": [str(path) for path in segments]})
    if not often and warehouse.columns is not None and not (testers and (testers.people or testers.addresses)):
        facts = warehouse.columns.facts(segments)
        with suppress(WarehouseError):  # Who erases a person removes the facts meanwhile.
            if facts is not None and make_quick_views(warehouse, facts, identity or IdentitySettings()):
                return
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
    made: tuple[tuple[Literal["TABLE", "VIEW"], str, str], ...] = (
        ("VIEW", "person_events", events_query("first_events")),
        (kind, "all_events", everything),
        ("VIEW", "events", counted_query("all_events")),
        (kind, "people", people_query("events")),
        (kind, "not_counted", not_counted_query("all_events")),
    )
    for each, name, query in made:
        make_anew(warehouse, each, name, query)


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
    profiles = read_profiles(warehouse, rules, moment)
    person_ids = [profile.person_id for profile in profiles]
    asked = (definitions, moment.replace(tzinfo=None), timezone, person_ids)
    if warehouse.columns is None:
        values = features_by_sql(warehouse, *asked)
    else:
        values = features_by_lanes(warehouse, warehouse.columns, *asked)
    table = RawFeatures(moment, person_ids, values)
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
