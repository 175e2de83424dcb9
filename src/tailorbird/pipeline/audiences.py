"""Audiences as they are now: their size, overlap and members, and lists of members for other systems."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from pathlib import Path

import msgspec
import numpy as np
import numpy.typing as npt

from tailorbird.pipeline.people import compute_features
from tailorbird.ports.warehouse import Warehouse
from tailorbird.project.project import Project
from tailorbird.project.source import nearest
from tailorbird.stages.audiences.rules import cannot_be_judged, select_people
from tailorbird.stages.consent.effective import ConsentRules
from tailorbird.types.audience import AudienceRule, AudienceSize, Overlap
from tailorbird.types.errors import TailorbirdError
from tailorbird.types.feature import FeatureTable


class UnknownAudienceError(TailorbirdError):
    """No audience of that name; says which is nearest."""


@dataclass(frozen=True)
class Members:
    """Everybody's features at one moment, and who of them each audience holds, in the order of the table."""

    table: FeatureTable
    rules: Mapping[str, AudienceRule]
    included: Mapping[str, npt.NDArray[np.bool_]]

    def sizes(self) -> list[AudienceSize]:
        """One size per audience."""
        known, as_of = len(self.table.person_ids), self.table.as_of
        return [
            AudienceSize(name, as_of, known, int(held.sum()), sum(cannot_be_judged(self.rules[name], self.table)))
            for name, held in self.included.items()
        ]

    def overlaps(self) -> list[Overlap]:
        """One overlap per pair of audiences."""
        people = len(self.table.person_ids)
        found = []
        for (first, a), (second, b) in combinations(self.included.items(), 2):
            both, alone = int((a & b).sum()), int(a.sum()) * int(b.sum())
            found.append(Overlap(first, second, both, int((a | b).sum()), both * people / alone if alone else None))
        return found

    def sample(self, name: str, size: int, seed: int) -> list[str]:
        """Some members: the same for the same seed, whatever else changes around them."""
        members = self.people(name)
        return sorted(members, key=lambda person: hashlib.sha256(f"{seed}|sample|{person}".encode()).digest())[:size]

    def people(self, name: str) -> list[str]:
        """Every member's person_id, in order."""
        return [self.table.person_ids[row] for row in np.flatnonzero(self.included[name]).tolist()]


def find_members(project: Project, names: Sequence[str], as_of: datetime, warehouse: Warehouse) -> Members:
    """Judge everybody once for every audience named (all, if none is). `warehouse` holds the views."""
    rules = {name: named_audience(project, name) for name in names or sorted(project.audiences)}
    settings = project.settings
    table, _ = compute_features(warehouse, project.features, as_of, settings.timezone, ConsentRules(settings.consent))
    return Members(table, rules, {name: np.asarray(select_people(rule, table)) for name, rule in rules.items()})


def named_audience(project: Project, name: str) -> AudienceRule:
    """The project's audience of that name. UnknownAudienceError."""
    if name not in project.audiences:
        raise UnknownAudienceError(f"there is no audience {name!r}{nearest(name, list(project.audiences))}")
    return project.audiences[name]


def write_members(
    members: Members, folder: Path, warehouse: Warehouse, rename: Callable[[str], str] | None = None
) -> list[tuple[str, Path, int]]:
    """Write each audience to `folder`/NAME.parquet (person_id, as_of), beside a NAME.json that says what it is.

    `rename` gives each person another name. Returns (name, file, rows).

    A list is a moment's answer: it goes stale, while a campaign judges anew.
    """
    written = []
    stamp = members.table.as_of.replace(tzinfo=None)
    for size in members.sizes():
        people = members.people(size.name) if rename is None else list(map(rename, members.people(size.name)))
        warehouse.load("audience_members", {"person_id": people, "as_of": [stamp] * len(people)})
        path = folder / f"{size.name}.parquet"
        folder.mkdir(parents=True, exist_ok=True)
        rows = warehouse.write(
            "SELECT CAST(person_id AS VARCHAR) AS person_id, CAST(as_of AS TIMESTAMP) AS as_of FROM audience_members "
            "ORDER BY person_id",
            path,
        )
        said = {"audience": msgspec.to_builtins(members.rules[size.name]), **msgspec.to_builtins(size)}
        path.with_suffix(".json").write_bytes(msgspec.json.format(msgspec.json.encode(said)))
        written.append((size.name, path, rows))
    return written
