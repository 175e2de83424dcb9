"""The example shop's catalog as facts."""

import shutil
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from tailorbird.bootstrap import open_warehouse
from tailorbird.pipeline.catalog import CatalogError
from tailorbird.pipeline.update_catalog import patch_catalog
from tailorbird.pipeline.validation.catalog_facts import RIVALS_MAX, CatalogFacts
from tailorbird.project.project import load_project
from tailorbird.types.fact import Entity

pytestmark = pytest.mark.slow

NOW = datetime(2026, 6, 1, tzinfo=UTC)


def value(entity: Entity, name: str) -> object:
    return next(fact.value for fact in entity.facts if fact.name == name)


def opened(root: Path) -> CatalogFacts:
    project = load_project(root)
    return CatalogFacts(project, open_warehouse(project))


def test_an_item_of_the_catalog_has_rivals_of_its_family_and_one_vocabulary_for_all(filled: Path) -> None:
    catalog = opened(filled)
    kettle, mug = catalog.of(["hobbin-kettle"], "en-GB", NOW), catalog.of(["cobbin-mug"], "en-GB", NOW)
    assert (
        value(kettle.subjects[0], "price") == Decimal("48.00") and value(kettle.subjects[0], "colour") == "moss green"
    )
    assert 0 < len(kettle.others) <= RIVALS_MAX
    assert {other.family for other in kettle.others} == {"kettles"} and "hobbin-kettle" not in {
        other.entity_id for other in kettle.others
    }
    assert kettle.vocabularies is mug.vocabularies and "moss green" in kettle.vocabularies["colour"]
    assert kettle.subjects[1].names == ("Wren",)


def test_facts_are_made_once_and_read_at_the_moment_that_is_asked_for(filled: Path) -> None:
    catalog = opened(filled)
    first = catalog.of(["hobbin-kettle"], "de-DE", NOW)
    later = catalog.of(["hobbin-kettle"], "de-DE", NOW + timedelta(hours=1))
    assert catalog.of(["hobbin-kettle"], "de-DE", NOW) is first
    assert later.subjects is first.subjects and later.as_of == NOW + timedelta(hours=1)
    assert value(first.subjects[0], "material") == "emaillierter Stahl"


def test_a_row_of_knowledge_is_a_fact_until_it_expires(filled: Path) -> None:
    catalog = opened(filled)
    tip = next(f for f in catalog.of(["hobbin-kettle"], "en-GB", NOW).subjects[0].facts if f.name == "guide tip")
    assert tip.source.startswith("knowledge guide: ") and tip.until and tip.until > NOW
    late = catalog.of(["hobbin-kettle"], "en-GB", tip.until + timedelta(days=1))
    assert "guide tip" not in {fact.name for fact in late.subjects[0].facts}


def test_a_new_version_of_the_catalog_is_read_again(filled: Path, tmp_path: Path) -> None:
    shutil.copytree(filled, tmp_path / "wren")
    catalog = opened(tmp_path / "wren")
    assert value(catalog.of(["hobbin-kettle"], "en-GB", NOW).subjects[0], "price") == Decimal("48.00")
    project = load_project(tmp_path / "wren")
    patch_catalog(
        open_warehouse(project), project.state_dir, [(1, {"item_id": "hobbin-kettle", "price": "52.00"})], NOW, "a test"
    )
    assert value(catalog.of(["hobbin-kettle"], "en-GB", NOW).subjects[0], "price") == Decimal("52.00")


def test_an_item_that_is_not_there_is_told(filled: Path) -> None:
    with pytest.raises(CatalogError, match="has no item 'nothing'"):
        opened(filled).of(["nothing"], "en-GB", NOW)
