"""Import, where files are awkward: ties, odd times, loose JSON, equal lines."""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.files.quarantine import FolderQuarantine
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.pipeline.ingest import ImportFailedError, ImportReport, ingest
from tailorbird.pipeline.people import open_views, read_profiles
from tailorbird.stages.events.columns import MappingError
from tailorbird.stages.events.segment_wire import read_event
from tailorbird.types.mapping import Derivation, EventTarget, ImportMapping, Lines, TraitsTarget, Value

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
CONSENTS = ImportMapping("x", traits=TraitsTarget("who", "when", {"n": "n"}, {"email_marketing": "ok"}))


class Shop:
    """One state folder, into which texts are imported as files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = SegmentLog(folder / "state" / "events")
        self.quarantine = FolderQuarantine(folder / "state" / "quarantine")
        self.warehouse = DuckdbWarehouse(threads=1)
        self.moment = NOW

    def bring(self, text: str | bytes, mapping: ImportMapping, name: str = "data.csv") -> ImportReport:
        path = self.folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        state = self.folder / "state"
        report = ingest(mapping, path, "imports/x.yaml", self.warehouse, self.log, self.quarantine, state, self.moment)
        self.moment += timedelta(days=1)
        assert report.rows_in == report.accepted + report.duplicate + report.quarantined
        return report

    def refused_lines(self) -> list[int]:
        return [int(row.place.rpartition(":")[2]) for row in self.quarantine.rows()]

    def events(self) -> list[dict[str, Any]]:
        self.warehouse.attach("told", self.log.seal())
        names = ("message_id", "event", "timestamp", "properties")
        rows = self.warehouse.rows(f"SELECT {', '.join(names)} FROM told ORDER BY timestamp, message_id")
        return [dict(zip(names, (*row[:3], json.loads(row[3])), strict=True)) for row in rows]

    def consents(self) -> dict[str, Any]:
        open_views(self.warehouse, self.log)
        return {profile.person_id: profile.consents.get("email_marketing") for profile in read_profiles(self.warehouse)}


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(("first", "second"), [("yes", "no"), ("no", "yes")])
def test_of_two_files_that_speak_of_one_moment_the_later_import_is_the_last_word(
    shop: Shop, first: str, second: str
) -> None:
    for word in (first, second):
        shop.bring("who,when,n,ok\n" + "".join(f"u{i},2026-01-01,,{word}\n" for i in range(40)), CONSENTS)
    assert shop.consents() == {f"u{i}": second == "yes" for i in range(40)}


@pytest.mark.slow
def test_of_rows_of_one_file_that_speak_of_one_moment_the_last_is_the_last_word(shop: Shop) -> None:
    words = [("yes", "no"), ("no", "yes"), ("yes", "no", "yes"), ("no", "yes", "no")] * 10
    rows = [f"u{i},2026-01-01,,{word}\n" for i, said in enumerate(words) for word in said]
    shop.bring("who,when,n,ok\n" + "".join(rows), CONSENTS)
    assert shop.consents() == {f"u{i}": said[-1] == "yes" for i, said in enumerate(words)}


@pytest.mark.slow
def test_a_time_is_stored_as_it_was_checked_or_not_at_all(shop: Shop) -> None:
    mapping = ImportMapping("x", events=(EventTarget("E", "t", "u"),), timezone="Europe/Berlin")
    texts = ["2024-07-01 13:00:00 -0400", "2024-07-01 13:00:00 UTC", "2024-07-01 1:00:00 PM", "infinity", "epoch"]
    report = shop.bring("t,u\n" + "".join(f"{text},u\n" for text in texts), mapping)
    assert (report.accepted, report.quarantined) == (2, 3)
    assert [f"{event['timestamp']:%m-%d %H:%M}" for event in shop.events()] == ["07-01 13:00", "07-01 17:00"]


@pytest.mark.slow
def test_ids_that_the_wire_would_refuse_wait_in_quarantine(shop: Shop) -> None:
    mapping = ImportMapping("x", events=(EventTarget("Seen", "when", "who", "device", message_id="key"),))
    moment = "2026-05-01"
    rows = [
        ("k" * 250, "u" * 250, "d" * 250),
        ("k" * 251, "u", "d"),
        ("a", "\u00fc" * 251, "d"),
        ("b", "u", "d" * 251),
        ("c", "u\0", "d"),
        ("d", "u", "d\x1f"),
        ("e\x7f", "u", "d"),
        ("f", "anon:u", "d"),
    ]
    text = "\n".join(["key,who,device,when", *(",".join((*row, moment)) for row in rows)])
    report = shop.bring(text, mapping)
    assert (report.accepted, report.quarantined) == (1, 7)
    assert Counter(row.reason for row in shop.quarantine.rows()) == {
        "key: is longer than 250 characters": 1,
        "who: is longer than 250 characters": 1,
        "device: is longer than 250 characters": 1,
        "who: holds a control character": 1,
        "device: holds a control character": 1,
        "key: holds a control character": 1,
        "who: begins with 'anon:', which is Tailorbird's own": 1,
    }


@pytest.mark.slow
@pytest.mark.parametrize("column", ["key", "value", "_text", "d0"])
def test_a_derived_column_goes_with_any_name_of_a_column(shop: Shop, column: str) -> None:
    target = EventTarget("E", Value(constant="2026-01-01"), "u", properties={"a": column, "b": "made"})
    mapping = ImportMapping("x", events=(target,), derive={"made": Derivation(column, letters="lower")})
    shop.bring(f"u,{column}\nu1,ABC\n", mapping)
    assert [event["properties"] for event in shop.events()] == [{"a": "ABC", "b": "abc"}]


GROUPED = EventTarget(
    "Order Completed",
    "when",
    "who",
    message_id=Value(text="order-{order}"),
    group_by=("order",),
    properties={"total": Value(product=("price",), sum=True)},
    lines=Lines({"sku": "sku"}),
)
LINES = "order,who,when,sku,price\n1,u,2026-01-01,tea,2\n1,u,2026-01-01,tea,2\n1,u,2026-01-01,mug,5\n"


@pytest.mark.slow
def test_equal_lines_of_one_order_are_lines_of_it_and_a_second_import_is_all_duplicate(shop: Shop) -> None:
    mapping = ImportMapping("x", events=(GROUPED,), traits=TraitsTarget("who", "when", {"n": "who"}))
    first = shop.bring(LINES, mapping)
    assert (first.accepted, first.duplicate, first.events) == (3, 0, 2)
    order = next(event for event in shop.events() if event["event"])
    assert order["properties"] == {"total": 9.0, "products": [{"sku": "tea"}, {"sku": "tea"}, {"sku": "mug"}]}
    again = shop.bring(LINES, mapping)
    assert (again.accepted, again.duplicate, again.events) == (0, 3, 0)


def test_of_single_events_the_same_row_again_is_a_duplicate(shop: Shop) -> None:
    mapping = ImportMapping("x", events=(EventTarget("E", "when", "who"),))
    report = shop.bring(LINES, mapping)
    assert (report.accepted, report.duplicate, report.events) == (2, 1, 2)


@pytest.mark.slow
def test_the_same_id_with_other_content_waits_in_quarantine(shop: Shop) -> None:
    target = EventTarget("E", "when", "who", message_id="order", properties={"sku": "sku"})
    mapping = ImportMapping("x", events=(target,), traits=TraitsTarget("who", "when", {"sku": "sku"}))
    report = shop.bring(LINES, mapping)
    assert (report.accepted, report.duplicate, report.quarantined) == (1, 1, 1)
    assert report.by_reason == {"order: same id, other content": 1}
    assert report.events == 2


def test_two_events_of_a_mapping_with_one_id_are_told_before_one_vanishes(shop: Shop) -> None:
    targets = [EventTarget(name, "when", "who", message_id="sku") for name in ("A", "B")]
    with pytest.raises(MappingError, match=r"events\[0\] \(A\) and events\[1\] \(B\) both give the id 'mug'"):
        shop.bring(LINES.replace("tea,2\n1,u,2026-01-01,tea,2", "tea,2"), ImportMapping("x", events=tuple(targets)))
    assert shop.log.seal() == []


@pytest.mark.slow
def test_brackets_and_stars_in_names_of_files_and_folders_are_only_characters(tmp_path: Path) -> None:
    folder = tmp_path / "shop [1]"
    folder.mkdir()
    shop = Shop(folder)
    mapping = ImportMapping("x", events=(EventTarget("E", "t", "u"),))
    for name in ("orders [1].csv", "ord*.csv", "what?.csv"):
        shop.bring("t,u\n2026-01-01,decoy\n", mapping, name.translate({ord(c): "1" for c in "*?"}))
        shop.bring(f"t,u\n2026-01-01,{name}\n", mapping, name)
    shop.warehouse.attach("told", shop.log.seal())
    users = {user for (user,) in shop.warehouse.rows("SELECT user_id FROM told")}
    assert users == {"decoy", "orders [1].csv", "ord*.csv", "what?.csv"}


@pytest.mark.slow
def test_a_page_counts_alike_whether_it_is_imported_or_sent(shop: Shop) -> None:
    target = EventTarget("Pricing", "t", "u", type="page")
    shop.bring("t,u\n2026-01-01,a\n", ImportMapping("x", events=(target,)))
    sent = read_event("page", b'{"userId":"b","name":"Pricing"}', NOW)
    shop.log.append_lines([sent.events])
    assert [event["event"] for event in shop.events()] == ["Pricing", "Pricing"]


class LosingWarehouse(DuckdbWarehouse):
    """Gives one row less of each verdict than there is."""

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        found = super().rows(sql)
        return [(status, n - 1) for status, n in found] if "import_status GROUP BY status" in sql else found


def test_rows_that_are_lost_on_the_way_are_an_error(shop: Shop) -> None:
    shop.warehouse = LosingWarehouse(threads=1)
    with pytest.raises(ImportFailedError, match="2 rows were read, but 1 accounted for"):
        shop.bring("t,u\n2026-01-01,a\n2026-01-01,b\n", ImportMapping("x", events=(EventTarget("E", "t", "u"),)))
    assert shop.log.seal() == []


PLAIN = ImportMapping("x", events=(EventTarget("E", "t", "u", properties={"a": "a"}),))


@pytest.mark.slow
@pytest.mark.parametrize("filler", [0, 30_000])
def test_wrong_rows_have_the_line_on_which_they_stand(shop: Shop, filler: int) -> None:
    good = "2026-01-01,u,x\n" * filler
    text = (
        't,u,a\n2026-01-01,u1,"x\ny"\n' + good + "bad,u2,y\n\n2026-01-01,short\n" + '2026-01-01,u3,"1\n2"\nbad,u4,z\n'
    )
    shop.bring(text, PLAIN)
    assert [line - filler for line in shop.refused_lines()] == [4, 6, 9]


@pytest.mark.slow
@pytest.mark.parametrize("filler", [0, 30_000])
def test_one_odd_quote_costs_its_row_and_no_other(shop: Shop, filler: int) -> None:
    good = "2026-01-01,u,x\n" * filler
    report = shop.bring(f't,u,a\n{good}2026-01-01,u1,"a"b\n2026-01-01,u2,5" pipe\r\n2026-01-01,u3,y\n', PLAIN)
    assert (report.rows_in - filler, report.quarantined) == (3, 1)
    assert not list((shop.folder / "state" / "incoming").glob("lines*"))


def test_a_quote_that_is_never_closed_is_told_with_its_line(shop: Shop) -> None:
    with pytest.raises(ImportFailedError, match="line 4 opens a quote that is never closed"):
        shop.bring('t,u,a\n2026-01-01,u1,"x\ny"\n2026-01-01,u2,"z\n2026-01-01,u3,y\n', PLAIN)


def test_one_line_in_another_encoding_costs_its_line_and_no_other(shop: Shop) -> None:
    good = b'{"t":"2026-01-01","u":"u","a":"x"}\n'
    report = shop.bring(good + good.replace(b"x", b"\xe9") + b"{bad\n" + good, PLAIN, "data.jsonl")
    assert (report.rows_in, report.quarantined) == (4, 2)
    assert shop.refused_lines() == [2, 3]


def test_a_file_of_broken_lines_only_says_what_is_wrong_with_them(shop: Shop) -> None:
    with pytest.raises(MappingError, match="holds no rows to map; line 1 is not a JSON object"):
        shop.bring("oops\n[1]\n", PLAIN, "data.jsonl")
