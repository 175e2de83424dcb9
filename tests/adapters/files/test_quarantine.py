"""The quarantine in a folder: many processes, torn lines, disks that refuse."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tailorbird.adapters.files.quarantine import FolderQuarantine
from tailorbird.ports.quarantine import Quarantine, QuarantineError
from tailorbird.testing.quarantine_conformance import CHECKS, MakeQuarantine, sample_row

ADDER = """
import sys
from pathlib import Path
from tailorbird.adapters.files.quarantine import FolderQuarantine
from tailorbird.testing.quarantine_conformance import sample_row
store = FolderQuarantine(Path(sys.argv[1]))
for n in range(int(sys.argv[2]), int(sys.argv[2]) + 200):
    store.add([sample_row(n)])
    print(n, flush=True)
"""


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_folder_quarantine_conforms(check: Callable[[MakeQuarantine, Path], None], tmp_path: Path) -> None:
    def make(root: Path) -> Quarantine:
        return FolderQuarantine(root)

    check(make, tmp_path / "quarantine")


@pytest.mark.slow
def test_rows_added_by_processes_that_are_killed_and_removed_meanwhile_are_all_accounted_for(tmp_path: Path) -> None:
    adders = [
        subprocess.Popen([sys.executable, "-c", ADDER, str(tmp_path), str(n)], stdout=subprocess.PIPE, text=True)
        for n in (0, 1000, 2000)
    ]
    store, removed, told = FolderQuarantine(tmp_path), set[str](), set[str]()
    for round_ in range(120):
        for adder in adders:
            assert adder.stdout is not None
            told.add(sample_row(int(adder.stdout.readline())).id)
        some = {row.id for row in list(store.rows())[:2]}
        assert store.remove(some) == len(some)
        removed |= some
        if round_ == 60:
            adders.pop().kill()
    for adder in adders:
        assert adder.stdout is not None
        told |= {sample_row(int(line)).id for line in adder.stdout}
        assert adder.wait() == 0
    left = {row.id for row in store.rows()}
    assert told <= left | removed
    assert not left & removed


def test_threads_that_add_and_remove_at_once_lose_nothing(tmp_path: Path) -> None:
    store = FolderQuarantine(tmp_path)
    store.add([sample_row(n) for n in range(20)])

    def add(start: int) -> None:
        for n in range(start, start + 20):
            store.add([sample_row(n)])

    threads = [threading.Thread(target=add, args=(start,)) for start in (100, 200)]
    threads += [threading.Thread(target=store.remove, args=([sample_row(n).id],)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {row.id for row in store.rows()} == {sample_row(n).id for n in (*range(100, 120), *range(200, 220))}


def test_a_torn_line_costs_neither_the_rows_before_it_nor_those_after_it(tmp_path: Path) -> None:
    store = FolderQuarantine(tmp_path)
    store.add([sample_row(1)])
    (file,) = tmp_path.iterdir()
    torn = b'{"id":"2","source":"int'
    file.write_bytes(file.read_bytes() + torn)
    store.add([sample_row(3)])
    assert list(store.rows()) == [sample_row(1), sample_row(3)]
    assert store.remove([sample_row(1).id]) == 1
    assert list(store.rows()) == [sample_row(3)]
    assert torn in file.read_bytes()


def test_what_somebody_who_died_left_half_rewritten_is_cleared(tmp_path: Path) -> None:
    store = FolderQuarantine(tmp_path)
    store.add([sample_row(1), sample_row(2)])
    (tmp_path / "refused.12345.part").write_text("half")
    assert store.remove([sample_row(1).id]) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["refused.jsonl"]


def test_a_folder_that_cannot_be_made_is_one_error_with_the_mend(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(QuarantineError, match="see to its rights and disk"):
        FolderQuarantine(tmp_path / "file" / "quarantine").add([sample_row(1)])


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full on this system")
def test_a_full_disk_is_told(tmp_path: Path) -> None:
    (tmp_path / "refused.jsonl").symlink_to("/dev/full")
    with pytest.raises(QuarantineError, match="free some space"):
        FolderQuarantine(tmp_path).add([sample_row(1)])


def test_a_name_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QuarantineError, match="no name of a file"):
        FolderQuarantine(tmp_path / "quarantine").adopt("../x", tmp_path / "y")
