from pathlib import Path
from typing import Any

import pytest

from tailorbird.cli.init import copy_example
from tailorbird.cli.stats import _span


@pytest.mark.slow
def test_the_counts_of_a_project_are_printed_and_as_json(shop: Any, tailorbird: Any) -> None:
    found = tailorbird("stats", shop.root, "--json").json
    assert found["accepted"] == sum(found["types"].values()) > 1000
    assert sum(found["clients"].values()) == found["accepted"]
    assert sum(found["events"].values()) <= found["accepted"]
    said = tailorbird("stats", shop.root)
    assert said.code == 0
    assert f"{found['accepted']:,} events accepted" in said.out
    assert "Order Completed" in said.out


@pytest.mark.slow
def test_a_project_without_events_says_so(tmp_path: Path, tailorbird: Any) -> None:
    copy_example(tmp_path / "wren")
    assert "no events accepted yet" in tailorbird("stats", tmp_path / "wren").out


def test_spans_are_told_in_units_that_people_read() -> None:
    assert [_span(seconds) for seconds in (0.04, 119, 121, 7_199, 7_200, 200_000, 19_998_845.9)] == [
        "0.0 s", "119.0 s", "2.0 min", "120.0 min", "2.0 h", "2 days", "231 days",
    ]  # fmt: skip
