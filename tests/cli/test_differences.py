"""Differences as lines to read."""

from tailorbird.cli.differences import SHOWN, describe
from tailorbird.types.catalog_diff import CatalogDiff, ItemChange


def test_a_long_difference_is_cut_and_says_so() -> None:
    changes = tuple(ItemChange(f"i{i}", "Mug", "mugs", {"stock": (None, i)}) for i in range(SHOWN + 5))
    lines = describe(CatalogDiff("a", "b", changed=changes))
    assert len(lines) == SHOWN + 2
    assert lines[1] == "  ~ i0: stock none to 0"
    assert lines[-1] == "  and 5 more; --json has them all"
