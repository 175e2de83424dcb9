"""Publishing changes of items: one new version, what differs, and the lines that the difference puts out of use."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from tailorbird.pipeline.catalog_versions import diff_versions, find_version, read_item
from tailorbird.pipeline.outdate_lines import outdate_lines, touched_lines
from tailorbird.pipeline.update_catalog import Rows, UpdateReport, patch_catalog
from tailorbird.ports.creative_store import CreativeStore
from tailorbird.ports.quarantine import Quarantine
from tailorbird.ports.warehouse import Warehouse
from tailorbird.project.project import Project
from tailorbird.project.schema_file import read_schema
from tailorbird.types.catalog_diff import CatalogDiff, FlatItem
from tailorbird.types.outdated import OutdatedLine
from tailorbird.types.quarantined import quarantine

SOURCE = "catalog update"
"""The source of rejected rows in quarantine."""


@dataclass(frozen=True, slots=True)
class Published:
    """What became of some patches: the counts, the difference that they made, and the lines that it touches."""

    report: UpdateReport
    diff: CatalogDiff
    lines: tuple[OutdatedLine, ...]


@dataclass(frozen=True)
class ItemPublisher:
    """Publishes patches of a project's items, one caller at a time, and shows items as they are.

    `hold` is the catalog's lock: whoever publishes holds it, so that no change is lost between reading and writing.
    `open_warehouse` makes a warehouse for one call.
    """

    project: Project
    open_warehouse: Callable[[], Warehouse]
    creatives: CreativeStore
    quarantine: Quarantine
    hold: Callable[[], AbstractContextManager[None]]

    def publish(
        self,
        rows: Rows,
        at: datetime,
        source: str,
        place: str,
        expected: tuple[str, ...] | None = None,
        prices_only: bool = False,
    ) -> Published:
        """Publish the good rows as one version, and put the others into quarantine.

        `source` is who changes the catalog, for its history; `place` where the rows stood, for the quarantine ('{line}'
        in it is the row's line). `expected`, `prices_only` and errors are those of `patch_catalog`.
        """
        project = self.project
        with self.hold():
            warehouse = self.open_warehouse()
            report = patch_catalog(
                warehouse, project.state_dir, rows, at, source, read_schema(project.root), project.settings.currency,
                expected, prices_only,
            )  # fmt: skip
            self.quarantine.add(
                [
                    quarantine(
                        SOURCE,
                        place.replace("{line}", str(one.line)),
                        f"{one.field}: {one.reason}" if one.field else one.reason,
                        json.dumps(dict(one.row), ensure_ascii=False, default=str),
                        at,
                    )
                    for one in report.rejected
                ]
            )
            diff = CatalogDiff(report.before, report.version)
            if report.version != report.before:
                old, new = (find_version(project.state_dir, name) for name in (report.before, report.version))
                diff = diff_versions(warehouse, old, new)
            lines = touched_lines(diff, self.creatives, project.brand)
            outdate_lines(project.state_dir, warehouse, self.creatives, project.brand, at)
        return Published(report, diff, tuple(lines))

    def show(self, item_id: str) -> tuple[str, FlatItem | None]:
        """(the current version, the item as it has it; None if it has no such item). CatalogError: no catalog."""
        file = find_version(self.project.state_dir, "current")
        return file.stem, read_item(self.open_warehouse(), file, item_id)
