"""Training sets of files and of everybody."""

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tailorbird.adapters.duckdb.warehouse import DuckdbWarehouse
from tailorbird.adapters.segments.log import SegmentLog
from tailorbird.pipeline.export_features import ExportError, export_features
from tailorbird.pipeline.people import open_views
from tailorbird.stages.consent.effective import ConsentRules
from tailorbird.types.event import Event
from tailorbird.types.feature import FeatureDefinition
from tailorbird.types.settings import ConsentSettings, SilenceSettings

pytestmark = pytest.mark.slow

RULES = ConsentRules(
    ConsentSettings(
        defaults={"analytics": True},
        silence=(SilenceSettings(("*",), ("analytics",), "opt_out", "statistics of one's own shop, in numbers only"),),
    )
)
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
DEFINITIONS = (
    FeatureDefinition(name="orders", kind="count", purpose="analytics", event="Order Completed"),
    FeatureDefinition(name="spent", kind="sum", purpose="email", event="Order Completed", field="properties.total"),
)


@pytest.fixture
def warehouse(tmp_path: Path) -> DuckdbWarehouse:
    def event(number: int, hours: int, name: str, **properties: object) -> Event:
        person = "ana" if number % 2 else "ben"
        moment = NOON + timedelta(hours=hours)
        return Event("track", f"m{number}", moment, moment, user_id=person, event=name, properties=properties)

    log = SegmentLog(tmp_path / "events")
    log.append(
        [
            event(1, -5, "Order Completed", total=10),
            event(2, -4, "Order Completed", total=7),
            event(3, -1, "Order Completed", total=2.5),
            event(5, -3, "Consent Updated", consents={"email": True}),
            event(7, -2, "Consent Updated", consents={"email": False}),
        ]
    )
    opened = DuckdbWarehouse(threads=1)
    open_views(opened, log)
    log.close()
    return opened


def test_everybody_at_one_moment(warehouse: DuckdbWarehouse, tmp_path: Path) -> None:
    output = tmp_path / "out" / "features.jsonl"
    done = export_features(warehouse, DEFINITIONS, output, NOON, rules=RULES)
    rows = [json.loads(line) for line in output.read_text().splitlines()]
    assert [(row["person_id"], row["orders"], row["spent"], row["withheld"]) for row in rows] == [
        ("ana", 2, None, "spent"),
        ("ben", 1, None, "spent"),
    ]
    assert (done.rows, done.people, done.unknown, done.withheld) == (2, 2, 0, 2)


def test_a_spine_has_moments_and_labels_of_its_own_in_its_order(warehouse: DuckdbWarehouse, tmp_path: Path) -> None:
    spine = tmp_path / "spine.csv"
    spine.write_text(
        "person_id,as_of,bought_again\n"
        "zoe,2026-06-01T12:00:00Z,0\n"
        "ana,2026-06-01T14:00:00+02:00,1\n"
        "ana,2026-06-01 10:30:00,0\n"  # Half past nine in UTC: after the yes, before the no.
        "ana,2026-06-01 10:30:00,1\n"
    )
    output = tmp_path / "features.csv"
    done = export_features(warehouse, DEFINITIONS, output, None, spine, "Europe/London", rules=RULES)
    rows = list(csv.DictReader(output.open()))
    assert [(r["person_id"], r["as_of"], r["orders"], r["spent"], r["withheld"], r["bought_again"]) for r in rows] == [
        ("zoe", "2026-06-01 12:00:00", "0", "", "spent", "0"),
        ("ana", "2026-06-01 12:00:00", "2", "", "spent", "1"),
        ("ana", "2026-06-01 09:30:00", "1", "10.0", "", "0"),
        ("ana", "2026-06-01 09:30:00", "1", "10.0", "", "1"),
    ]
    assert (done.rows, done.unknown) == (4, 1)


def test_parquet_keeps_times_and_numbers(warehouse: DuckdbWarehouse, tmp_path: Path) -> None:
    export_features(warehouse, DEFINITIONS, tmp_path / "f.parquet", NOON)
    warehouse.attach("made", [tmp_path / "f.parquet"])
    assert [row[1] for row in warehouse.rows("DESCRIBE SELECT * FROM made")] == [
        "VARCHAR",
        "TIMESTAMP",
        "BIGINT",
        "DOUBLE",
        "VARCHAR",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("person_id,as_of\nana,yesterday\nben,\n", "row 1: as_of 'yesterday' is no time .*, and 1 rows more"),
        ("person_id,as_of\n,2026-06-01\n", "row 1: person_id is empty"),
        ("who,as_of\nana,2026-06-01\n", "no column 'person_id'; it has who, as_of"),
        ("person_id\nana\n", "no column 'as_of'"),
        ("person_id,as_of,Spent\nana,2026-06-01,1\n", "'spent' has the name of a feature"),
        ("person_id,as_of,withheld\nana,2026-06-01,1\n", "'withheld' has a name of ours"),
    ],
)
def test_a_wrong_spine_is_one_clear_error(warehouse: DuckdbWarehouse, tmp_path: Path, text: str, said: str) -> None:
    spine = tmp_path / "spine.csv"
    spine.write_text(text)
    with pytest.raises(ExportError, match=said):
        export_features(warehouse, DEFINITIONS, tmp_path / "out.csv", None, spine)
    assert not (tmp_path / "out.csv").exists()


def test_it_says_what_it_cannot_write_and_what_it_is_not_told(warehouse: DuckdbWarehouse, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"cannot write out\.xlsx"):
        export_features(warehouse, DEFINITIONS, tmp_path / "out.xlsx", NOON)
    with pytest.raises(ExportError, match="for whom and when"):
        export_features(warehouse, DEFINITIONS, tmp_path / "out.csv", None)
    with pytest.raises(ExportError, match="there is no file"):
        export_features(warehouse, DEFINITIONS, tmp_path / "out.csv", None, tmp_path / "none.csv")


def test_ids_keep_their_noughts(warehouse: DuckdbWarehouse, tmp_path: Path) -> None:
    spine = tmp_path / "o'clock [1].csv"
    spine.write_text("person_id\n007\n")
    export_features(warehouse, DEFINITIONS, tmp_path / "out.csv", NOON, spine)
    assert (tmp_path / "out.csv").read_text().splitlines()[1].startswith("007,")


def test_a_yes_that_ran_out_before_the_moment_is_none(tmp_path: Path) -> None:
    def said(number: int, hours: int, name: str, **properties: object) -> Event:
        moment = NOON + timedelta(hours=hours)
        return Event("track", f"x{number}", moment, moment, user_id="ana", event=name, properties=properties)

    log = SegmentLog(tmp_path / "more")
    until = (NOON + timedelta(hours=1)).isoformat()
    log.append(
        [
            said(1, -3, "Order Completed", total=10),
            said(2, -2, "Consent Updated", consents={"email": True}, expires_at=until),
        ]
    )
    opened = DuckdbWarehouse(threads=1)
    open_views(opened, log)
    log.close()
    spine = tmp_path / "spine.csv"
    spine.write_text(
        "person_id,as_of\n" + "".join(f"ana,{NOON + timedelta(hours=h):%Y-%m-%dT%H:%MZ}\n" for h in (-2, 0, 2))
    )
    export_features(opened, DEFINITIONS, tmp_path / "out.jsonl", None, spine, rules=RULES)
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [(row["spent"], row["withheld"]) for row in rows] == [(None, "spent"), (10.0, None), (None, "spent")]
