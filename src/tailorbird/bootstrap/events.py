"""The event log, the quarantine beside it, and the warehouse over it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from tailorbird.pipeline.consent_reader import ConsentReader
    from tailorbird.pipeline.live_people import LivePeople
    from tailorbird.pipeline.preferences import PreferenceReader
    from tailorbird.pipeline.state import State
    from tailorbird.ports.event_columns import EventColumns
    from tailorbird.ports.event_log import EventLog
    from tailorbird.ports.quarantine import Quarantine
    from tailorbird.ports.warehouse import Warehouse
    from tailorbird.project.project import Project
    from tailorbird.types.event import Event
    from tailorbird.types.feature import FeatureTable


def open_log(project: "Project") -> "EventLog":
    """The project's event log."""
    from tailorbird.adapters.segments.log import SegmentLog

    return SegmentLog(project.state_dir / "events")


def open_quarantine(project: "Project") -> "Quarantine":
    """What the project's intake and imports refused."""
    from tailorbird.adapters.files.quarantine import FolderQuarantine

    return FolderQuarantine(project.state_dir / "quarantine")


def read_duplicates(project: "Project") -> tuple[int, int]:
    """(events that came again, those of them that differed from the first) over HTTP."""
    from tailorbird.adapters.segments.tally import read_tally

    return read_tally(project.state_dir / "events")


def open_warehouse(project: "Project") -> "Warehouse":
    """A warehouse of its own for this process."""
    from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse

    return DuckdbWarehouse(spill=project.state_dir / "spill", columns=open_columns(project.state_dir / "events"))


def open_columns(root: "Path") -> "EventColumns":
    """The columns kept beside the segments in a log's folder."""
    from tailorbird.adapters.segments.columns import SegmentColumns

    return SegmentColumns(root)


def open_events(project: "Project", often: bool = False) -> "Warehouse":
    """A warehouse with the views `events` and `people` over the event log as it is now; `often` as in `open_views`."""
    from tailorbird.pipeline.people import open_views

    warehouse, log = open_warehouse(project), open_log(project)
    try:
        open_views(warehouse, log, project.settings.identity, project.settings.testers, often=often)
    finally:
        log.close()
    return warehouse


def open_consent_reader(project: "Project") -> "ConsentReader":
    """Reads people's last words on consent while the log grows; it opens a warehouse at the first question."""
    from tailorbird.bootstrap.system import open_clock
    from tailorbird.pipeline.consent_reader import ConsentReader
    from tailorbird.stages.consent.effective import ConsentRules

    settings = project.settings
    rules, now = ConsentRules(settings.consent), open_clock().now
    return ConsentReader(lambda: open_warehouse(project), open_log(project), rules, settings.identity, now)


def open_preferences(project: "Project", state: "State", words: "ConsentReader") -> "PreferenceReader":
    """Reads what one person allows; it opens a warehouse at the first question. `words` says who is whom."""
    from tailorbird.bootstrap.system import open_clock
    from tailorbird.pipeline.preferences import PreferenceReader

    stores, now = (state.suppressions, state.reasons), open_clock().now
    return PreferenceReader(project, lambda: open_warehouse(project), open_log(project), words, *stores, now)


def open_live_people(project: "Project") -> "LivePeople":
    """Everybody's features in this process, followed from the event log; call its `begin` before anything else.

    Features are computed by a warehouse of its own for each snapshot.
    """
    from tailorbird.adapters.segments.follower import SegmentFollower
    from tailorbird.pipeline.few_people import look_at
    from tailorbird.pipeline.live_people import LivePeople, LiveReader
    from tailorbird.pipeline.people import NoEventsError, compute_features
    from tailorbird.stages.consent.effective import ConsentRules
    from tailorbird.stages.features.withhold import withhold_features
    from tailorbird.types.feature import RawFeatures

    settings = project.settings
    rules = ConsentRules(settings.consent)

    def snapshot(now: "datetime") -> "FeatureTable":
        try:
            warehouse = open_events(project)
        except NoEventsError:
            nobody = RawFeatures(now, [], {feature.name: [] for feature in project.features})
            return withhold_features(nobody, project.features, [])
        table, _ = compute_features(warehouse, project.features, now, settings.timezone, rules)
        return table

    def look(events: "Sequence[Event]", now: "datetime") -> "tuple[Mapping[str, Mapping[str, bool]], Collection[str]]":
        profiles, counted = look_at(open_warehouse(project), events, now, rules, settings.identity, settings.testers)
        return {profile.person_id: profile.consents for profile in profiles}, counted

    return LivePeople(
        project.features,
        SegmentFollower(project.state_dir / "events"),
        LiveReader(snapshot, look, lambda now: rules.resolve({}, None, None, now)),
        settings.timezone,
        settings.identity,
    )
