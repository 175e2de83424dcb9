"""Who may write the catalog, and when."""

from typing import Any

import pytest

from tailorbird.adapters.system.lock import LockedError
from tailorbird.bootstrap import catalog, hold_catalog, open_item_publisher

pytestmark = pytest.mark.slow


def test_one_holds_the_catalog_and_a_publisher_waits_for_it_in_vain(ran: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalog, "PATIENCE_S", 0.1)
    publisher = open_item_publisher(ran.project)
    with hold_catalog(ran.project), pytest.raises(LockedError, match="another change of the catalog"), publisher.hold():
        pass
    with publisher.hold():
        pass


def test_it_shows_an_item_of_the_project_s_catalog(ran: Any) -> None:
    version, item = open_item_publisher(ran.project).show("hobbin-kettle")
    assert item is not None and item["name"] == "Hobbin whistling kettle"
    assert (ran.root / ".tailorbird" / "catalog" / f"{version}.parquet").is_file()
