"""Lines of an attack are kept for one message."""

import pytest

from tailorbird.pipeline.redteam.lines_in_memory import LinesInMemory
from tailorbird.types.creative import Creative


def test_a_line_is_usable_once_it_is_approved() -> None:
    store = LinesInMemory()
    store.save([Creative("c_1", "b", "win_back", "subject", "en-GB", "Oak", "model", "h")], {"c_1": {"seed": 1}})
    assert store.find("win_back", "pending")[0].usable is False
    assert store.review("c_1", "approved", "redteam", "", "").usable
    assert store.find("other") == [] and store.reviews("c_1") == []
    found = store.get("c_1")
    assert found is not None and found[1] == {"seed": 1} and store.get("c_2") is None
    with pytest.raises(KeyError):
        store.review("c_2", "approved", "", "", "")
