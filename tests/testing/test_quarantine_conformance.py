"""The quarantine's suite finds a quarantine that is not one."""

from collections.abc import Callable, Collection
from pathlib import Path

import pytest

from tailorbird.adapters.files.quarantine import FolderQuarantine
from tailorbird.ports.quarantine import Quarantine
from tailorbird.testing.quarantine_conformance import (
    MakeQuarantine,
    check_a_file_takes_the_place_of_the_former_of_its_name,
    check_a_removed_row_is_nowhere_on_disk,
    check_added_rows_come_back_whole,
)


class OnlyForgets(FolderQuarantine):
    """Says that it removed, and keeps everything."""

    def remove(self, ids: Collection[str]) -> int:
        return len(ids) - 1


class Collects(FolderQuarantine):
    """Takes every file under a name of its own."""

    def adopt(self, name: str, file: Path | None) -> Path | None:
        return super().adopt(file.read_bytes().hex()[:40] if file else "none", file)


class Forgetful(FolderQuarantine):
    """Each opener has a folder of its own."""

    def __init__(self, root: Path) -> None:
        number = len(list(root.parent.glob("*")))
        super().__init__(root.parent / f"{root.name}{number}" / "q")


@pytest.mark.parametrize(
    ("wrong", "check"),
    [
        (OnlyForgets, check_a_removed_row_is_nowhere_on_disk),
        (Collects, check_a_file_takes_the_place_of_the_former_of_its_name),
        (Forgetful, check_added_rows_come_back_whole),
    ],
)
def test_the_suite_fails_where_the_promise_is_broken(
    wrong: Callable[[Path], Quarantine], check: Callable[[MakeQuarantine, Path], None], tmp_path: Path
) -> None:
    with pytest.raises(AssertionError):
        check(wrong, tmp_path / "quarantine")
