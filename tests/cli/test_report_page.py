"""Where the pages of reports are written."""

from pathlib import Path

import pytest

from tailorbird.cli.report_page import ReportError, write_page


def test_a_page_is_written_with_the_folders_above_it(tmp_path: Path) -> None:
    path = write_page(tmp_path / "deep" / "page.html", "<p>é</p>")
    assert path.read_text(encoding="utf-8") == "<p>é</p>"


def test_a_page_that_cannot_be_written_names_the_file_and_the_mend(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="--output"):
        write_page(tmp_path, "<p></p>")
