"""Personas as events: the contexts' own events, with other traits, and the profiles and features that these make."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from tailorbird.pipeline.feature_values import Values, features_by_sql
from tailorbird.pipeline.people import read_profiles
from tailorbird.ports.warehouse import Warehouse
from tailorbird.project.project import Project
from tailorbird.stages.consent.effective import ConsentRules
from tailorbird.stages.events.views import people_query
from tailorbird.types.event import EVENT_COLUMNS
from tailorbird.types.profile import Profile

_EVENTS_AT_ONCE = 400_000
Patch = Mapping[str, Any]
"""What a persona's traits are instead: merged into them as RFC 7396 says."""


@dataclass(frozen=True, slots=True)
class World:
    """One persona for each context, in their order: its features before anything is withheld, and its profile."""

    raw: Values
    profiles: Sequence[Profile]


def trait_patch(path: str, value: Any) -> dict[str, Any]:
    """{'address': {'postalCode': '…'}} for address.postalCode."""
    patch: Any = value
    for part in reversed(path.split(".")):
        patch = {part: patch}
    found: dict[str, Any] = patch
    return found


class PersonaEvents:
    """The contexts' events, held in a warehouse of their own, ready to be told again with other traits."""

    def __init__(
        self, project: Project, warehouse: Warehouse, few: Warehouse, as_of: datetime, person_ids: Sequence[str]
    ) -> None:
        """`warehouse` has the views over the log, `few` is empty and is used up; `person_ids` ascend."""
        self._project, self._few, self._as_of, self._person_ids = project, few, as_of, list(person_ids)
        warehouse.load("audited", {"person_id": self._person_ids})
        names = [*(name for name, _ in EVENT_COLUMNS), "person_id"]
        columns = ", ".join(f'e."{name}"' for name in names)
        rows = warehouse.rows(f"SELECT {columns} FROM events e JOIN audited a ON a.person_id = e.person_id")
        few.load("context_loaded", {name: [row[at] for row in rows] for at, name in enumerate(names)})
        cast = ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in EVENT_COLUMNS)
        few.run(f"CREATE OR REPLACE TABLE context_events AS SELECT {cast}, person_id FROM context_loaded")
        self._at_once = max(_EVENTS_AT_ONCE // max(len(rows), 1), 1)

    def worlds(self, patches: Sequence[Sequence[Patch]]) -> list[World]:
        """A world for each list of patches (one patch per context): everything is computed from events again."""
        found: list[World] = []
        for start in range(0, len(patches), self._at_once):
            found += self._some(patches[start : start + self._at_once])
        return found

    def _some(self, patches: Sequence[Sequence[Patch]]) -> list[World]:
        told = [
            (f"{world:06d}|{person}", person, json.dumps(patch))
            for world, of_world in enumerate(patches)
            for person, patch in zip(self._person_ids, of_world, strict=True)
        ]
        self._few.load(
            "personas", dict(zip(("persona", "person", "patch"), map(list, zip(*told, strict=True)), strict=True))
        )
        others = ", ".join(f'e."{name}"' for name, _ in EVENT_COLUMNS if name != "traits")
        self._few.run(
            f"CREATE OR REPLACE TABLE events AS SELECT {others}, CASE WHEN e.type = 'identify' AND p.patch <> '{{}}' "
            "THEN CAST(json_merge_patch(e.traits, p.patch) AS VARCHAR) ELSE e.traits END AS traits, "
            "p.persona AS person_id FROM context_events e JOIN personas p ON p.person = e.person_id"
        )
        self._few.run(f"CREATE OR REPLACE TABLE people AS {people_query('events')}")
        settings, moment = self._project.settings, self._as_of.astimezone(UTC)
        profiles = read_profiles(self._few, ConsentRules(settings.consent), moment)
        ids = [profile.person_id for profile in profiles]
        values = features_by_sql(self._few, self._project.features, moment.replace(tzinfo=None), settings.timezone, ids)
        size = len(self._person_ids)
        return [
            World(
                {name: column[at : at + size] for name, column in values.items()},
                [replace(p, person_id=p.person_id.split("|", 1)[1]) for p in profiles[at : at + size]],
            )
            for at in range(0, len(ids), size)
        ]
