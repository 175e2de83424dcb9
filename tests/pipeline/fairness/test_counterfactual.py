"""Attributes, swapped."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tailorbird import bootstrap
from tailorbird.cli.terminal import Quiet
from tailorbird.pipeline.fairness.counterfactual import Personas, audit_attributes, audit_null, with_feature
from tailorbird.types.bias import PersonaAttribute
from tailorbird.types.feature import FeatureDefinition
from tests.pipeline.fairness.conftest import GENDER, NAMES, ground_of

SPEND = PersonaAttribute("spend", {"little": (0.0,), "much": (900.0,)}, feature="spent_90d", proxy_for="income")
AGO = PersonaAttribute("ago", {"long": (80,), "just": (1,)}, feature="days_since_order")


@pytest.fixture(scope="module")
def personas(gendered_root: Path) -> Personas:
    ground = ground_of(gendered_root, contexts=30)
    return Personas(ground, bootstrap.open_warehouse(ground.project))


@pytest.mark.slow
def test_every_context_is_put_into_every_group_and_each_door_is_told(personas: Personas) -> None:
    audits = audit_attributes(personas, [GENDER, NAMES, SPEND, AGO], np.random.default_rng(0), True, 500, Quiet())
    gender, names, spend, ago = audits
    assert (gender.samples, names.samples) == (1, 2)
    assert [a.passage.pairs for a in audits] == [30, 60, 30, 30]
    assert set(gender.passage.doors) == {"cell"} and set(names.passage.doors) == {"slot"}
    assert spend.passage.read_by == ("order_value", "spent_90d") and spend.passage.differing == 0
    assert ago.passage.doors == {"audience": 30}
    written = next(c for c in ago.comparisons if c.measure == "written_to")
    assert written.result.mean == -1.0 and written.flagged
    assert gender.seen == {"men": 450, "women": 450}
    assert all(a.passage.leaked == a.denied.leaked == 0 for a in audits)


@pytest.mark.slow
def test_the_same_persona_twice_differs_in_nothing(personas: Personas) -> None:
    null = audit_null(personas)
    assert (null.pairs, null.differing, null.unread) == (30, 0, 30)


def test_a_changed_feature_takes_the_ratios_that_are_made_of_it_along() -> None:
    ratio = FeatureDefinition(name="each", kind="ratio", purpose="p", numerator="spent", denominator="orders")
    raw: dict[str, list[Any]] = {"spent": [10.0, 20.0], "orders": [2, 0], "each": [5.0, None]}
    changed = with_feature(raw, "spent", [30.0, 30.0], [ratio])
    assert changed == {"spent": [30.0, 30.0], "orders": [2, 0], "each": [15.0, None]}
    assert raw["each"] == [5.0, None]
