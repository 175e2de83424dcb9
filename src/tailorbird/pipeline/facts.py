"""What copy may state of items at a moment: the catalog, with its sales and dates, and the knowledge beside it."""

import os
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tailorbird.pipeline.catalog import current_catalog, load_catalog
from tailorbird.pipeline.rows_of import read_rows
from tailorbird.pipeline.screen_items import Screening, money_attributes, project_hosts, screen_items
from tailorbird.ports.warehouse import Warehouse
from tailorbird.project.project import Project
from tailorbird.stages.catalog.knowledge import KnowledgeError, join_items, read_row
from tailorbird.types.item import Item
from tailorbird.types.knowledge import KnowledgeRow, KnowledgeTable


@dataclass(frozen=True, slots=True)
class ReadTable:
    """A knowledge table's usable rows, and those that are none: (line, why)."""

    table: KnowledgeTable
    rows: tuple[KnowledgeRow, ...] = ()
    rejected: tuple[tuple[int, str], ...] = field(default=())


def read_tables(project: Project, warehouse: Warehouse) -> dict[str, ReadTable]:
    """Every knowledge table of a project. SourceError: a file that is not there or cannot be read."""
    found = {}
    for name, table in project.knowledge.items():
        rows, rejected = [], []
        for line, row in read_rows(project.root / os.path.expandvars(table.source), warehouse):
            try:
                if isinstance(row, str):
                    raise KnowledgeError(row)
                rows.append(read_row(row, table, project.settings.locales))
            except KnowledgeError as error:
                rejected.append((line, str(error)))
        found[name] = ReadTable(table, tuple(rows), tuple(rejected))
    return found


class Facts:
    """The items of a project as they are at a moment. The knowledge tables are read once, the catalog each time."""

    def __init__(self, project: Project, warehouse: Warehouse) -> None:
        self._project, self.warehouse = project, warehouse
        self.tables = read_tables(project, warehouse)
        self._ends = sorted(f"{row.expires_at:%Y-%m-%dT%H:%M:%SZ}" for t in self.tables.values() for row in t.rows)
        self._turns: Mapping[str, list[str]] = {}
        self.screening = Screening()

    def items(self, now: datetime) -> dict[str, Item]:
        """Every item, with prices and facts that hold now, screened: `screening` tells what is left out of the answer.
        CatalogError: no catalog was imported."""
        items = load_catalog(self.warehouse, self._project.state_dir, now)
        joined = join_items(items, {name: (read.table, read.rows) for name, read in self.tables.items()}, now)
        used, self.screening = screen_items(
            joined, project_hosts(self._project.settings), money_attributes(self._project)
        )
        return used

    def version(self, now: datetime) -> str:
        """What the items are made of: the catalog's version, and how many of its dates and the rows' expiries passed.

        Whatever holds from a moment on, or until one, makes another version when that moment comes.
        """
        file = current_catalog(self._project.state_dir)
        if file is None:
            return ""
        if file.stem not in self._turns:
            self.warehouse.attach("catalog_turns", [file])
            columns = ("sale_from", "sale_until", "available_from")
            union = " UNION ALL ".join(f"SELECT {name} AS turn FROM catalog_turns" for name in columns)
            found = self.warehouse.rows(f"SELECT turn FROM ({union}) WHERE turn IS NOT NULL ORDER BY turn")
            self._turns = {file.stem: [turn for (turn,) in found]}
        moment = f"{now:%Y-%m-%dT%H:%M:%SZ}"
        passed = bisect_right(self._turns[file.stem], moment) + bisect_right(self._ends, moment)
        return f"{file.stem}+{passed}" if passed else file.stem
