from pathlib import Path
from typing import Any

from tailorbird.cli.init import copy_example


def test_the_counts_of_a_project_are_printed_and_as_json(shop: Any, tailorbird: Any) -> None:
    found = tailorbird("stats", shop.root, "--json").json
    assert found["accepted"] == sum(found["types"].values()) > 1000
    assert sum(found["clients"].values()) == found["accepted"]
    assert sum(found["events"].values()) <= found["accepted"]
    said = tailorbird("stats", shop.root)
    assert said.code == 0
    assert f"{found['accepted']:,} events accepted" in said.out
    assert "Order Completed" in said.out


def test_a_project_without_events_says_so(tmp_path: Path, tailorbird: Any) -> None:
    copy_example(tmp_path / "wren")
    assert "no events accepted yet" in tailorbird("stats", tmp_path / "wren").out
