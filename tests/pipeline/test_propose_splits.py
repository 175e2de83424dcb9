"""Proposals from a campaign's past, and the audiences that they become."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tailorbird.pipeline.propose_splits import LeafExistsError, write_leaves
from tailorbird.project.project import load_project
from tailorbird.stages.audiences.splits import rate_of
from tailorbird.types.audience import Condition
from tailorbird.types.split import Split, SplitTree

pytestmark = pytest.mark.slow

RATE = rate_of(100, 10)
SPENT = Condition("spent_90d", at_least=60.0)


def leaf(*path: tuple[Condition, bool]) -> Split:
    return Split(path, 100, RATE, RATE, None)


def two_leaves() -> SplitTree:
    root = replace(leaf(), condition=SPENT, yes=leaf((SPENT, True)), no=leaf((SPENT, False)))
    return SplitTree(root, 0, 200, 200)


def test_leaves_become_audiences_that_load_and_are_never_overwritten(shop: Any) -> None:
    written = write_leaves(shop.project, shop.campaign, two_leaves())
    assert [path.name for path in written] == ["lapsed_1.yaml", "lapsed_2.yaml"]
    first, second = (load_project(shop.root).audiences[path.stem] for path in written)
    base = shop.project.audiences["lapsed"]
    assert first.all == (*base.all, SPENT)
    assert second.none == (*base.none, SPENT)
    assert second.description == "spent_90d missing or below 60"
    with pytest.raises(LeafExistsError, match=r"lapsed_1\.yaml exists"):
        write_leaves(shop.project, shop.campaign, two_leaves())


def test_a_tree_of_one_leaf_writes_nothing(shop: Any) -> None:
    assert write_leaves(shop.project, shop.campaign, SplitTree(leaf(), 0, 200, 200)) == []
    assert sorted(path.stem for path in Path(shop.root, "audiences").iterdir()) == ["basket", "lapsed", "replenish"]
