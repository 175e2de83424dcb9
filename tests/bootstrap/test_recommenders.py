from pathlib import Path

import pytest

from tailorbird.bootstrap import find_recommender, recommender_names
from tailorbird.plugins import PluginError


def test_the_built_in_ones_are_found_and_unknown_ones_told() -> None:
    assert find_recommender("popular").name == "popular"
    with pytest.raises(
        PluginError, match=r"items\.recommender names a recommender 'two_towers'.*tailorbird\.recommenders"
    ):
        find_recommender("two_towers")


def test_an_installed_recommender_is_found_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shop_towers.py").write_text("class Towers:\n    name = 'towers'\n")
    info = tmp_path / "shop_towers-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: shop-towers\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[tailorbird.recommenders]\ntowers = shop_towers:Towers\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert find_recommender("towers").name == "towers"
    assert recommender_names() == {"neighbours": "", "popular": "", "towers": ""}
