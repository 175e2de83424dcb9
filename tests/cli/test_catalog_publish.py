"""A product file as the whole catalog, and what it would change."""

from pathlib import Path
from typing import Any

import pytest

from tailorbird.cli.init import copy_example

pytestmark = pytest.mark.slow

FEED = (
    "id\ttitle\tlink\tprice\tavailability\tgoogle_product_category\n"
    "hobbin-kettle\tHobbin whistling kettle\thttps://wren.example/hobbin-kettle\t45.00 GBP\tin_stock\tkettles\n"
    "x\tBroken\thttps://wren.example/x\t1.005 GBP\tin_stock\tkettles\n"
)


@pytest.fixture
def root(tmp_path: Path, tailorbird: Any) -> Path:
    copy_example(tmp_path / "wren")
    (tmp_path / "feed.tsv").write_text(FEED)
    assert tailorbird("import", tmp_path / "wren", "--json").code == 0
    return tmp_path / "wren"


def test_a_dry_run_shows_the_difference_and_leaves_no_trace(root: Path, tailorbird: Any) -> None:
    feed, before = root.parent / "feed.tsv", contents(root)
    told = tailorbird("catalog", "publish", feed, root, "--dry-run", "--json").json
    assert (told["dry_run"], told["import"]["accepted"], told["import"]["quarantined"]) == (True, 1, 1)
    assert (told["counts"]["removed"], told["counts"]["prices"]) == (87, 1)
    shown = tailorbird("catalog", "publish", feed, root, "--dry-run").out
    assert "price 48.00 to 45.00 (-6.2 %)" in shown and "nothing was changed" in shown
    assert "quarantine list" not in shown
    assert contents(root) == before


def test_a_file_becomes_the_catalog_and_its_bad_rows_are_kept(root: Path, tailorbird: Any) -> None:
    feed = root.parent / "feed.tsv"
    rehearsed = tailorbird("catalog", "publish", feed, root, "--dry-run", "--json").json
    told = tailorbird("catalog", "publish", feed, root, "--json").json
    assert (told["after"], told["counts"]) == (rehearsed["after"], rehearsed["counts"])
    assert [one["version"] for one in versions(root, tailorbird) if one["current"]] == [told["after"]]
    assert Path(told["import"]["quarantine"]).is_file()
    assert "version" in tailorbird("catalog", "publish", feed, root).out


def test_a_mapping_of_the_project_reads_the_columns(root: Path, tailorbird: Any) -> None:
    items = root / "catalog" / "items.csv"
    items.write_text(items.read_text().replace(",48.00,", ",47.00,"))
    told = tailorbird("catalog", "publish", items, root, "--mapping", "catalog", "--json").json
    assert (told["counts"]["changed"], told["counts"]["added"], told["counts"]["removed"]) == (1, 0, 0)


def test_the_first_version_has_nothing_to_differ_from(tmp_path: Path, tailorbird: Any) -> None:
    copy_example(tmp_path / "wren")
    (tmp_path / "feed.tsv").write_text(FEED)
    assert "is the first version" in tailorbird("catalog", "publish", tmp_path / "feed.tsv", tmp_path / "wren").out


def test_what_cannot_be_published_is_one_clear_error(root: Path, tailorbird: Any) -> None:
    feed = root.parent / "feed.tsv"
    assert "there is no file" in tailorbird("catalog", "publish", root / "no.csv", root, "--dry-run").error
    assert (
        "no mapping imports/katalog.yaml" in tailorbird("catalog", "publish", feed, root, "--mapping", "katalog").error
    )
    (root / "imports" / "both.yaml").write_text(
        "source: a.csv\nevents:\n  - {event: Bought, user_id: u, timestamp: t, message_id: m}\n"
    )
    assert "tailorbird import" in tailorbird("catalog", "publish", feed, root, "--mapping", "both").error


def contents(root: Path) -> dict[str, bytes]:
    kept = (file for file in root.rglob("*") if file.is_file() and not file.name.startswith("state.db"))
    return {str(file): file.read_bytes() for file in kept}


def versions(root: Path, tailorbird: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tailorbird("catalog", "list", root, "--json").json["versions"]
    return found
