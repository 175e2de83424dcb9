"""Replay: what is in quarantine is judged again by the present rules, and what passes enters the log exactly once."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from pathlib import Path

import msgspec

from tailorbird.pipeline.consent_signals import ConsentSignals
from tailorbird.pipeline.ingest import ImportFailedError, ingest, quarantine_name
from tailorbird.pipeline.screening import Screening
from tailorbird.ports.event_log import EventLog
from tailorbird.ports.quarantine import Quarantine
from tailorbird.ports.warehouse import Warehouse
from tailorbird.stages.events.columns import MappingError
from tailorbird.stages.events.segment_wire import Reading, WireError, read_batch, read_event
from tailorbird.stages.events.wire_rules import EVENT_TYPES
from tailorbird.types.mapping import ImportMapping
from tailorbird.types.quarantined import CONFLICT, INTAKE, TEST_PLACE, Quarantined, kind_of_reason
from tailorbird.types.settings import SignalSettings

_NO_ROW = '{"text":'
"""How the body of a line begins that could not be split into columns at all."""
Mappings = Mapping[str, ImportMapping]


@dataclass(frozen=True, slots=True)
class ReplayReport:
    """`chosen` rows were judged again: `passed` left the quarantine, the others stay, counted by reason.

    `events` are new in the log. An import's rows are judged with all others of their file, so that an order comes in
    whole; `chosen` counts those too.
    """

    chosen: int
    passed: int
    events: int
    by_reason: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Replay:
    """Judges rows again. A crash at any moment is harmless: a row leaves the quarantine only after its events are in
    the log, which takes each message_id once."""

    mappings: Mappings
    screening: Screening
    quarantine: Quarantine
    log: EventLog
    warehouse: Warehouse
    state_dir: Path
    moment: datetime
    signals: SignalSettings = field(default_factory=SignalSettings)

    def run(self, chooses: Callable[[Quarantined], bool]) -> ReplayReport:
        """Replay the rows that a function chooses."""
        for stem in self.mappings:  # what a replay that was killed left
            self.quarantine.adopt(quarantine_name(f"imports/{stem}.yaml", self._scratch(stem)), None)
        rows = list(self.quarantine.rows())
        files = {(row.source, _file(row)) for row in rows if row.source != INTAKE and chooses(row)}
        sent = [row for row in rows if row.source == INTAKE and chooses(row)]
        parts = [self._sent(sent)] if sent else []
        imported = [row for row in rows if (row.source, _file(row)) in files and row.source != INTAKE]
        imported.sort(key=lambda row: (row.source, _file(row)))
        for (source, file), group in groupby(imported, key=lambda row: (row.source, _file(row))):
            parts.append(self._imported(source, file, list(group)))
        reasons: Counter[str] = Counter()
        for part in parts:
            reasons.update(part.by_reason)
        chosen, passed = sum(part.chosen for part in parts), sum(part.passed for part in parts)
        return ReplayReport(chosen, passed, sum(part.events for part in parts), dict(reasons.most_common()))

    def _sent(self, rows: Sequence[Quarantined]) -> ReplayReport:
        """Events that came over HTTP: read again as they came, received when they were."""
        passed, kept, events = [], [], 0
        for row in rows:
            reason, new = self._send_again(row)
            events += new
            if reason is None:
                passed.append(row.id)
            else:
                kept.append(replace(row, reason=reason))
        self.quarantine.remove(passed)
        self.quarantine.add([row for row in kept if row not in rows])
        return ReplayReport(len(rows), len(passed), events, _count(row.reason for row in kept))

    def _send_again(self, row: Quarantined) -> tuple[str | None, int]:
        """(why the row stays, None if it does not; how many events are new)."""
        try:
            reading = self._read(row)
        except WireError as error:
            return str(error), 0
        if reading.refused:
            return reading.refused[0].reason, 0
        done = self.log.append_lines([reading.events])
        # The log compares bodies only for a while; of a row that was found to differ, nothing may vanish later either.
        if done.conflicts or (row.reason == CONFLICT and done.duplicates):
            return row.reason, done.new
        heard = ConsentSignals(self.signals).hear(reading.events)
        if heard.latest:
            self.log.append_lines([heard.events])
        return None, done.new

    def _read(self, row: Quarantined) -> Reading:
        judge = self.screening.judge_test if row.place.endswith(TEST_PLACE) else self.screening.judge
        body, name = row.body.encode(), row.place.removesuffix(TEST_PLACE).rpartition("/")[2]
        kind = next((each for each in sorted(EVENT_TYPES) if name in (each, each[0])), None)
        if kind is not None:
            return read_event(kind, body, row.at, judge=judge)
        return read_batch(body if _is_batch(body) else b'{"batch":[%b]}' % body, row.at, judge=judge)

    def _imported(self, source: str, file: str, rows: Sequence[Quarantined]) -> ReplayReport:
        """Rows of one file: imported again by the present mapping, and kept under their lines where they stay."""
        mapping = self.mappings.get(Path(source).stem)
        if mapping is None or mapping.catalog is not None:
            why = (
                "there is no such mapping any more" if mapping is None else "it makes a catalog: import the file again"
            )
            return ReplayReport(len(rows), 0, 0, {f"{source}: {why}": len(rows)})
        whole = [row for row in rows if not row.body.startswith(_NO_ROW)]
        kept = [row for row in rows if row.body.startswith(_NO_ROW)]
        scratch, events = self._scratch(Path(source).stem), 0
        if whole:
            try:
                wrong, events = self._import(mapping, source, whole, scratch)
            except (MappingError, ImportFailedError) as error:
                return ReplayReport(len(rows), 0, 0, {str(error): len(rows)})
            kept += wrong
        listed = None
        if kept:
            listed = scratch
            listed.write_bytes(msgspec.json.Encoder().encode_lines(kept))
        self.quarantine.adopt(quarantine_name(source, Path(file)), listed)
        staying = {row.id for row in kept}
        self.quarantine.remove([row.id for row in rows if row.id not in staying])
        return ReplayReport(len(rows), len(rows) - len(kept), events, _count(row.reason for row in kept))

    def _scratch(self, stem: str) -> Path:
        return self.state_dir / "incoming" / f"{stem}.replay.jsonl"

    def _import(
        self, mapping: ImportMapping, source: str, rows: Sequence[Quarantined], scratch: Path
    ) -> tuple[list[Quarantined], int]:
        """(the rows that are still wrong, with their new reasons; how many events are new)."""
        scratch.parent.mkdir(parents=True, exist_ok=True)
        scratch.write_text("".join(f"{row.body}\n" for row in rows))
        name = quarantine_name(source, scratch)
        try:
            plan = self.screening.plan
            where = (self.warehouse, self.log, self.quarantine, self.state_dir, self.moment)
            report = ingest(mapping, scratch, source, *where, plan, signals=self.signals)
            told = {row.place: row.reason for row in self.quarantine.rows(source) if _file(row) == str(scratch)}
        finally:
            self.quarantine.adopt(name, None)
            scratch.unlink(missing_ok=True)
        places = [(row, f"{scratch}:{line}") for line, row in enumerate(rows, 1)]
        return [replace(row, reason=told[place]) for row, place in places if place in told], report.events


def _file(row: Quarantined) -> str:
    return row.place.rpartition(":")[0]


def _is_batch(body: bytes) -> bool:
    return body.lstrip()[:1] == b"{" and b'"batch":[' in body and body.rstrip().endswith(b"]}")


def _count(reasons: Iterable[str]) -> dict[str, int]:
    return dict(Counter(kind_of_reason(reason) for reason in reasons))
