"""Locks between processes."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from tailorbird.adapters.system.lock import LockedError, hold_lock

HOLD = "import sys; from pathlib import Path; from tailorbird.adapters.system.lock import hold_lock\nwith hold_lock(Path(sys.argv[1]), 'it'): print('held', flush=True); sys.stdin.read()"


def test_a_second_process_is_refused_with_the_first_one_s_id_until_it_dies(tmp_path: Path) -> None:
    lock = tmp_path / "runs" / "a.lock"
    command = [sys.executable, "-c", HOLD, str(lock)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        with (
            pytest.raises(LockedError, match=f"a run is under way already in process {holder.pid}"),
            hold_lock(lock, "a run"),
        ):
            pass
        holder.kill()
        holder.wait()
    with hold_lock(lock, "a run"):
        pass


@pytest.mark.slow
def test_who_is_patient_gets_the_lock_once_it_is_free_also_from_another_thread(tmp_path: Path) -> None:
    lock, order = tmp_path / "a.lock", []
    held = threading.Event()

    def hold_for_a_while() -> None:
        with hold_lock(lock, "it"):
            held.set()
            time.sleep(0.2)
            order.append("first")

    thread = threading.Thread(target=hold_for_a_while)
    thread.start()
    held.wait()
    with pytest.raises(LockedError), hold_lock(lock, "it", patience_s=0.05):
        pass
    with hold_lock(lock, "it", patience_s=10):
        order.append("second")
    thread.join()
    assert order == ["first", "second"]


def test_different_locks_do_not_wait_for_each_other(tmp_path: Path) -> None:
    with hold_lock(tmp_path / "a.lock", "a"), hold_lock(tmp_path / "b.lock", "b"):
        pass
