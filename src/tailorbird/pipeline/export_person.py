"""A copy of everything that is known of one person, in plain JSON values."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from tailorbird.pipeline.find_person import Rows, all_events
from tailorbird.pipeline.people import compute_features
from tailorbird.ports.audit_log import AuditLog
from tailorbird.ports.exposures import Exposures
from tailorbird.ports.warehouse import Warehouse
from tailorbird.project.project import Project
from tailorbird.stages.consent.effective import ConsentRules
from tailorbird.stages.features.definitions import purposes_of
from tailorbird.stages.features.withhold import features_of
from tailorbird.stages.privacy.exposure_sums import tell_person
from tailorbird.types.event import EVENT_COLUMNS
from tailorbird.types.person import Person

FORMAT = "tailorbird-person/1"
_JSON = ("properties", "traits", "context")


def export_person(
    project: Project,
    person: Person,
    warehouse: Warehouse | None,
    rows: Rows,
    texts: Mapping[str, str],
    audit: AuditLog,
    exposures: Exposures,
    now: datetime,
) -> dict[str, Any]:
    """Profile, features (withheld ones by name), consents, events, decisions, messages with their text, audit entries,
    and what models were told.

    `rows` are the state's rows about the person, `texts` what was sent by idempotency key.
    """
    profile, features = _profile(project, person, warehouse, now) if warehouse else (None, None)
    messages = [{**row, "text": texts.get(str(row["idempotency_key"]))} for row in rows.get("tb_outbox", ())]
    return {
        "format": FORMAT,
        "at": now.isoformat(),
        "project": project.settings.name,
        "person": {
            "person_id": person.person_id,
            "user_ids": sorted(person.user_ids),
            "anonymous_ids": sorted(person.anonymous_ids),
            "addresses": sorted(person.addresses),
            "phones": sorted(person.phones),
        },
        "profile": profile,
        "features": features,
        "events": _events(person, warehouse) if warehouse else [],
        "decisions": list(rows.get("tb_decisions", ())),
        "messages": messages,
        "traces": list(rows.get("tb_traces", ())),
        "suppressions": list(rows.get("tb_suppressions", ())),
        "audit": [
            {"position": row.position, "at": row.at, "kind": row.kind, "detail": audit.read(row)}
            for name in sorted(person.ids() | person.traces)
            for row in audit.rows(name)
        ],
        "models": tell_person(exposures.find()),
        "other": {name: found for name, found in rows.items() if name not in _TOLD},
    }


_TOLD = ("tb_outbox", "tb_decisions", "tb_traces", "tb_suppressions")


def _profile(
    project: Project, person: Person, warehouse: Warehouse, now: datetime
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    settings = project.settings
    rules = ConsentRules(settings.consent)
    table, profiles = compute_features(warehouse, project.features, now, settings.timezone, rules)
    row = next((n for n, known in enumerate(table.person_ids) if known == person.person_id), None)
    if row is None:
        return None, None
    mine = features_of(table, row, project.features)
    told = {
        "as_of": mine.as_of.isoformat(),
        "values": {name: value for name, value in mine.values.items() if name not in mine.withheld},
        "withheld": dict(mine.withheld),
        "missing": list(mine.missing),
        "purposes": {name: list(needed) for name, needed in purposes_of(project.features).items()},
    }
    return asdict(profiles[row]), told


def _events(person: Person, warehouse: Warehouse) -> list[dict[str, Any]]:
    names = [name for name, _ in EVENT_COLUMNS]
    told = "'" + person.person_id.replace("'", "''") + "'"
    found = warehouse.rows(
        f"SELECT {', '.join(names)} FROM {all_events(warehouse)} WHERE person_id = {told} "
        "ORDER BY timestamp, message_id"
    )
    return [{name: _value(name, value) for name, value in zip(names, row, strict=True)} for row in found]


def _value(name: str, value: Any) -> Any:
    if name in _JSON and isinstance(value, str):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value.isoformat() if isinstance(value, datetime) else value


def message_texts(raw: Sequence[tuple[str, bytes]]) -> dict[str, str]:
    """The text of each message, by idempotency key, out of its bytes."""
    from email import policy
    from email.parser import BytesParser

    texts = {}
    for key, content in raw:
        part = BytesParser(policy=policy.default).parsebytes(content).get_body(("plain", "html"))
        if part is not None:
            texts[key] = str(part.get_content())
    return texts
