"""What is kept beside the segments for reading everybody: facts of all events, and the columns that features read."""

import hashlib
import shutil
from collections.abc import Collection, Sequence
from importlib.metadata import version
from pathlib import Path

import msgspec

from tailorbird.adapters.segments.column_files import load_part
from tailorbird.adapters.segments.column_making import make_facts, make_part
from tailorbird.adapters.segments.parts import Parts, columns_lock
from tailorbird.adapters.segments.writer import log_error
from tailorbird.types.event_columns import ColumnPart, ColumnPlan, EventFacts

FORMAT = 1
"""Changes whenever parts are written otherwise: what another version wrote is made anew."""
EXCLUDED_MAX = 1000
"""When so many events count otherwise than when the columns were made, they are made anew."""


class SegmentColumns:
    """`EventColumns` in a folder beside a log's segments. Any number of processes may open it: one at a time makes."""

    def __init__(self, root: Path) -> None:
        """`root` is the log's folder."""
        self._root, self._lanes, self._facts = root, Parts(root, "lanes"), Parts(root, "facts")

    def facts(self, segments: Sequence[Path]) -> EventFacts | None:
        """What the views need to know of all events. EventLogError: a segment is damaged, or the disk fails."""
        try:
            with columns_lock(self._root):
                parts = self._facts.open(segments, _signature(None), make_facts)
        except OSError as error:
            raise log_error(self._root, error) from error
        if any((part / "repeats").exists() for part in parts):
            return None
        return EventFacts(
            *([part / name for part in parts] for name in ("words.parquet", "pairs.parquet", "ids.parquet"))
        )

    def open(self, segments: Sequence[Path], plan: ColumnPlan, excluded: Collection[str]) -> Sequence[ColumnPart]:
        """Bring the parts up to date and map them. EventLogError: a segment is damaged, or the disk fails."""
        try:
            with columns_lock(self._root):
                opened = self._open(segments, plan, excluded)
                before = frozenset().union(*(part.excluded for part in opened))
                if len(before.symmetric_difference(excluded)) > EXCLUDED_MAX:
                    self._lanes.drop()
                    opened = self._open(segments, plan, excluded)
                return opened
        except OSError as error:
            raise log_error(self._root, error) from error

    def _open(self, segments: Sequence[Path], plan: ColumnPlan, excluded: Collection[str]) -> list[ColumnPart]:
        def make(folder: Path, segments: Sequence[Path], earlier: Sequence[Path]) -> bool:
            return make_part(folder, segments, earlier, plan, excluded)

        folders = self._lanes.open(segments, _signature(plan), make)
        opened = [load_part(folder) for folder in folders]
        if folders and folders[-1].name.startswith("passing-"):
            shutil.rmtree(folders[-1])  # What is mapped stays.
        return opened


def _signature(plan: ColumnPlan | None) -> str:
    # The engine's own hashes stand in the files.
    said = msgspec.json.encode([FORMAT, version("duckdb"), plan])
    return hashlib.sha256(said).hexdigest()
