"""Making one part of the columns: a data engine reads the segments once per source and sorts what lanes hold."""

import glob
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from tailorbird.adapters.segments.column_files import PART, LaneFacts, PartFacts, save_lane, save_texts
from tailorbird.adapters.segments.soundness import check_parquet, read_error
from tailorbird.ports.event_log import EventLogError
from tailorbird.stages.events.views import firsts_query, repeats_query
from tailorbird.stages.events.words_sql import ids_query, words_query
from tailorbird.stages.features.json_sql import literal
from tailorbird.stages.identity.evidence_sql import pairs_query
from tailorbird.types.event_columns import ColumnPlan, LanePlan, SourcePlan

MEMORY = "2GB"
_KEY = "CASE WHEN user_id IS NULL THEN 'a' || anonymous_id ELSE 'u' || user_id END"


def make_part(
    folder: Path,
    segments: Sequence[Path],
    earlier: Sequence[Path],
    plan: ColumnPlan,
    excluded: Collection[str],
) -> bool:
    """Write the part of these segments into an empty `folder`; its codes follow those of the parts `earlier`.

    False, and nothing is written, if `earlier` holds one of the message ids: which event it is, is told of all segments
    together. EventLogError: a segment is damaged, or the disk is full.
    """
    with _engine(folder, segments) as connection:
        return _Making(connection, folder, earlier).make(segments, plan, excluded)


def make_facts(folder: Path, segments: Sequence[Path], earlier: Sequence[Path]) -> bool:
    """Write the facts of these segments into an empty `folder`; a file `repeats` where one of the ids comes twice.

    False, and nothing is written, if `earlier` holds one of the message ids.
    """
    with _engine(folder, segments) as connection:
        _view_segments(connection, segments)
        hashes = _hashes(connection)
        if _held_before(earlier, hashes):
            return False
        np.save(folder / "hashes.npy", hashes)
        if (hashes[1:] == hashes[:-1]).any():
            (folder / "repeats").touch()
            return True
        for name, query in (("words", words_query), ("pairs", pairs_query), ("ids", ids_query)):
            target = literal(str(folder / f"{name}.parquet"))
            connection.execute(f"COPY ({query('segments')}) TO {target} (FORMAT parquet, COMPRESSION zstd)")
        return True


@contextmanager
def _engine(folder: Path, segments: Sequence[Path]) -> Iterator[Any]:
    import duckdb  # only where there is something to make

    check_parquet(segments)
    config: dict[str, Any] = {"memory_limit": MEMORY, "temp_directory": str(folder / "spill")}
    try:
        with duckdb.connect(config=config) as connection:
            connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
            yield connection
    except duckdb.Error as error:
        raise read_error(segments) or EventLogError(
            f"The columns of the event log cannot be written to {folder.parent}: {error}. They are derived from the "
            "segments: free some space, then try again."
        ) from error


def _view_segments(connection: Any, segments: Sequence[Path]) -> None:
    files = ", ".join(literal(glob.escape(str(path))) for path in segments)
    connection.execute(f"CREATE VIEW segments AS SELECT * FROM read_parquet([{files}], union_by_name = true)")


def _hashes(connection: Any) -> NDArray[np.uint64]:
    """The message ids of view `segments` as sorted hashes."""
    found = connection.execute("SELECT hash(message_id) AS h FROM segments").fetchnumpy()["h"]
    return np.sort(np.asarray(found, dtype=np.uint64))


def _held_before(earlier: Sequence[Path], hashes: NDArray[np.uint64]) -> bool:
    return any(_overlap(np.load(part / "hashes.npy", mmap_mode="r"), hashes) for part in earlier)


class _Making:
    def __init__(self, connection: Any, folder: Path, earlier: Sequence[Path]) -> None:
        self._connection, self._folder, self._earlier = connection, folder, earlier

    def make(self, segments: Sequence[Path], plan: ColumnPlan, excluded: Collection[str]) -> bool:
        events = self._open_events(segments)
        if events is None:
            return False
        left_out = self._leave_out(excluded)
        self._number("ids", f"SELECT DISTINCT {_KEY} AS text FROM counting")
        lanes: list[LaneFacts] = []
        for source in plan.sources:
            lanes += self._make_source(source, len(lanes))
        facts = PartFacts(events, lanes, left_out)
        (self._folder / PART).write_bytes(msgspec.json.encode(facts))
        return True

    def _open_events(self, segments: Sequence[Path]) -> int | None:
        """View `firsts`: every event once; how many the segments hold. None: an earlier part holds one of them."""
        _view_segments(self._connection, segments)
        hashes = _hashes(self._connection)
        if _held_before(self._earlier, hashes):
            return None
        np.save(self._folder / "hashes.npy", hashes)
        if (hashes[1:] == hashes[:-1]).any():
            self._run(f"CREATE TABLE repeats AS {repeats_query('segments')}")
            self._run(f"CREATE VIEW firsts AS {firsts_query('segments', 'repeats')}")
        else:
            self._run("CREATE VIEW firsts AS FROM segments")
        return len(hashes)

    def _leave_out(self, excluded: Collection[str]) -> list[str]:
        """View `counting`: the events that count; the ids of this part's that do not."""
        if not excluded:
            self._run("CREATE VIEW counting AS FROM firsts")
            return []
        self._run("CREATE TABLE excluded AS SELECT DISTINCT unnest($ids::VARCHAR[]) AS message_id",
                  {"ids": list(excluded)})  # fmt: skip
        self._run("CREATE VIEW counting AS SELECT * FROM firsts WHERE message_id NOT IN (FROM excluded)")
        found = self._connection.execute("SELECT message_id FROM firsts WHERE message_id IN (FROM excluded)")
        return [message_id for (message_id,) in found.fetchall()]

    def _make_source(self, source: SourcePlan, first: int) -> list[LaneFacts]:
        where = "" if source.event is None else f" WHERE e.event = {literal(source.event)}"
        columns = ", ".join(f"{_column(lane)} AS v{i}" for i, lane in enumerate(source.lanes))
        held = " OR ".join(f"v{i} IS NOT NULL" for i in range(len(source.lanes)))
        position = ", position" if source.each else ""
        self._run(
            f"CREATE OR REPLACE TABLE raw AS WITH base AS (SELECT k.code AS person_id, CAST(NULL AS TIMESTAMP) AS "
            f"as_of, e.event, e.timestamp, e.message_id, e.type, e.properties, e.traits, e.context FROM counting e "
            f"JOIN ids k ON k.text = {_KEY}{where}), source AS ({source.query}) SELECT * FROM (SELECT person_id AS k, "
            f"epoch_us(timestamp) AS t, message_id{position}, {columns} FROM source) WHERE {held}"
        )
        joins, values = "", []
        for i, lane in enumerate(source.lanes):
            values.append(f"v{i}")
            if lane.kind == "text":
                self._number(f"{first + i}.texts", f"SELECT DISTINCT v{i} AS text FROM raw", f"texts{i}")
                joins += f" LEFT JOIN texts{i} ON texts{i}.text = raw.v{i}"
                values[i] = f"texts{i}.code AS v{i}"
        self._run(
            f"CREATE OR REPLACE TABLE sorted AS SELECT k, t, {', '.join(values)} FROM raw{joins} "
            f"ORDER BY k, t, message_id{position}"
        )
        self._run("DROP TABLE raw")
        facts = []
        for i, lane in enumerate(source.lanes):
            value = "" if lane.kind == "none" else f", v{i} AS v"
            rows = self._arrays(f"SELECT k, t{value} FROM sorted WHERE v{i} IS NOT NULL")
            facts.append(save_lane(self._folder, first + i, lane, rows))
        self._run("DROP TABLE sorted")
        return facts

    def _number(self, name: str, texts: str, table: str = "ids") -> None:
        """Table `table` (text, code) of the texts; those that no earlier part has get the next codes, in order."""
        known = [part / f"{name}.parquet" for part in self._earlier]
        listed = ", ".join(literal(glob.escape(str(path))) for path in known)
        before = (
            f"read_parquet([{listed}])" if known else "(SELECT NULL::VARCHAR AS text, NULL::INTEGER AS code LIMIT 0)"
        )
        self._run(f"CREATE OR REPLACE TEMP TABLE known AS SELECT text, code FROM {before}")
        fresh = f"SELECT text FROM ({texts}) WHERE text IS NOT NULL AND text NOT IN (SELECT text FROM known)"
        self._run(
            f"CREATE OR REPLACE TEMP TABLE fresh AS SELECT text, CAST((SELECT count(*) FROM known) + row_number() "
            f"OVER (ORDER BY text) - 1 AS INTEGER) AS code FROM ({fresh})"
        )
        target = literal(str(self._folder / f"{name}.parquet"))
        self._run(f"COPY (SELECT text, code FROM fresh ORDER BY code) TO {target} (FORMAT parquet)")
        found = self._arrays("SELECT text FROM fresh ORDER BY code")["text"]
        save_texts(self._folder / name, found.tolist())
        self._run(f"CREATE OR REPLACE TEMP TABLE {table} AS FROM known UNION ALL FROM fresh")

    def _run(self, sql: str, values: dict[str, Any] | None = None) -> None:
        self._connection.execute(sql, values)

    def _arrays(self, sql: str) -> dict[str, NDArray[Any]]:
        return {name: np.asarray(array) for name, array in self._connection.execute(sql).fetchnumpy().items()}


def _column(lane: LanePlan) -> str:
    if lane.kind == "none":
        return f"CASE WHEN {lane.kept} THEN TRUE END"
    return f"CASE WHEN {lane.kept} THEN {lane.value} END"


def _overlap(settled: NDArray[np.uint64], new: NDArray[np.uint64]) -> bool:
    """Whether two sorted arrays share a value."""
    if not len(settled):
        return False
    places = np.minimum(np.searchsorted(settled, new), len(settled) - 1)
    return bool(np.equal(settled[places], new).any())
