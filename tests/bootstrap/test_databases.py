"""Databases by their environment variable."""

from pathlib import Path

import pytest

from tailorbird.bootstrap import SetupError, open_rows, open_watermarks
from tailorbird.project.project import load_project
from tailorbird.types.mapping import DatabaseSource

WREN = Path(__file__).parents[2] / "examples" / "wren"


@pytest.mark.parametrize("engine", ["postgres", "clickhouse"])
def test_a_url_that_is_not_set_is_named(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TB_NO_SUCH_URL", raising=False)
    with pytest.raises(SetupError, match="TB_NO_SUCH_URL is not set; set it to the database's URL"):
        open_rows(DatabaseSource(sql="SELECT 1", **{engine: "${TB_NO_SUCH_URL}"}))  # type: ignore[arg-type]


@pytest.mark.slow
def test_watermarks_are_in_the_project_s_state(tmp_path: Path) -> None:
    import shutil

    shutil.copytree(WREN, tmp_path / "wren", ignore=shutil.ignore_patterns(".tailorbird", "media"))
    project = load_project(tmp_path / "wren")
    open_watermarks(project).put("orders", "7", "2026-06-01")
    assert open_watermarks(project).get("orders") == "7"
    assert (project.state_dir / "state.db").is_file()
