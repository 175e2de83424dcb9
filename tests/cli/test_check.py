"""Checking a project on the command line."""

from pathlib import Path
from typing import Any

import pytest


@pytest.mark.slow
def test_the_example_is_all_right(tailorbird: Any, filled: Path) -> None:
    said = tailorbird("check", filled)
    assert (said.code, said.out.strip().rsplit(": ", 1)[1]) == (0, "all right")
    told = tailorbird("check", filled, "--json").json
    assert (told["project"], told["ok"], told["warnings"]) == ("wren", True, [])


def test_a_mistake_is_told_with_file_and_line(tailorbird: Any, tmp_path: Path) -> None:
    (tmp_path / "tailorbird.yaml").write_text("name: x\ncurency: GBP\n")
    assert (
        f"{tmp_path}/tailorbird.yaml:2: curency: unknown key; did you mean 'currency'?"
        in tailorbird("check", tmp_path).error
    )


@pytest.mark.slow
def test_a_mapping_is_compared_with_the_header_of_its_file(tailorbird: Any, filled: Path, tmp_path: Path) -> None:
    import shutil

    shop = tmp_path / "shop"
    shutil.copytree(filled, shop, ignore=shutil.ignore_patterns(".tailorbird"))
    items = shop / "catalog" / "items.csv"
    header, rest = items.read_text().split("\n", 1)
    items.write_text(header.replace("price", "prize", 1) + "\n" + rest)
    said = tailorbird("check", shop).error
    assert "imports/catalog.yaml:" in said and "did you mean 'prize'" in said


def test_a_kind_or_recommender_that_is_not_installed_is_told_with_its_place(tailorbird: Any, tmp_path: Path) -> None:
    import shutil

    root = Path(__file__).resolve().parents[2]
    shop = tmp_path / "wren"
    shutil.copytree(root / "examples" / "wren", shop, ignore=shutil.ignore_patterns(".tailorbird", "media", "art"))
    campaign = shop / "campaigns" / "win_back.yaml"
    text = campaign.read_text()
    for old, new, field, told in (
        ("kind: thompson", "kind: tompson", "policy.kind", "did you mean 'thompson'?"),
        ("source: bought_together", "recommender: deep", "items.recommender", "'tailorbird.recommenders'"),
        ("kind: thompson", "kind: cohorts, cohort: contry", "policy.cohort", "did you mean 'country'?"),
    ):
        campaign.write_text(text.replace(old, new))
        error = tailorbird("check", shop).error
        line = next(n for n, one in enumerate(campaign.read_text().splitlines(), 1) if new in one)
        assert error.startswith(f"{campaign}:{line}: {field}: ") and told in error, error
