"""The outbox folder: whole files or none, once per key."""

import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from tailorbird.adapters.files.sender import OutboxFolderSender
from tailorbird.ports.sender import SenderError
from tailorbird.testing.sender_conformance import CHECKS, MakeRig, SenderRig, sample_message

WRITER = """
import sys
from pathlib import Path
from tailorbird.adapters.files.sender import OutboxFolderSender
from tailorbird.testing.sender_conformance import sample_message
sender = OutboxFolderSender(Path(sys.argv[1]))
print("begun", flush=True)
for number in range(100_000):
    sender.send(sample_message(number, b"x" * 20_000 + b"\\r\\nend\\r\\n"))
"""


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_outbox_folder_does_what_every_sender_must(check: Callable[[MakeRig], None], tmp_path: Path) -> None:
    def delivered() -> Sequence[bytes]:
        return [path.read_bytes() for path in tmp_path.glob("*.eml")]

    @contextmanager
    def rig() -> Iterator[SenderRig]:
        sender = OutboxFolderSender(tmp_path)
        yield SenderRig(sender, delivered, lambda: OutboxFolderSender(tmp_path))
        sender.close()

    check(rig)


def test_a_file_is_named_by_its_key_and_nothing_else_is_left(tmp_path: Path) -> None:
    sender = OutboxFolderSender(tmp_path / "a" / "b")
    sender.send(sample_message(1))
    assert [path.name for path in (tmp_path / "a" / "b").iterdir()] == [f"{sample_message(1).idempotency_key}.eml"]


def test_a_full_disk_leaves_no_half_message_and_says_what_to_do(tmp_path: Path) -> None:
    sender = OutboxFolderSender(tmp_path)
    large = sample_message(1, b"x" * 50_000 + b"\r\n")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    # A limit on file size makes the system refuse the write half-way, as a full disk does.
    resource.setrlimit(resource.RLIMIT_FSIZE, (8_000, before[1]))
    try:
        with pytest.raises(SenderError, match=rf"{tmp_path}.*run the same command again"):
            sender.send(large)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(tmp_path.iterdir()) == []
    assert sender.look_up(large.idempotency_key) is None
    assert sender.send(large).status == "sent"


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SenderError, match="outbox"):
        OutboxFolderSender(tmp_path / "file" / "outbox")


@pytest.mark.parametrize("key", ["../escape", "", "a/b", "a.b", "x" * 300])
def test_a_key_that_is_a_path_is_refused(key: str, tmp_path: Path) -> None:
    sender = OutboxFolderSender(tmp_path / "outbox")
    with pytest.raises(SenderError, match="no idempotency key"):
        sender.send(replace(sample_message(1), idempotency_key=key))
    assert list(tmp_path.rglob("*.eml")) == []


@pytest.mark.slow
def test_a_kill_at_any_moment_leaves_only_whole_messages(tmp_path: Path) -> None:
    for round_number in range(4):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        assert writer.stdout is not None
        assert writer.stdout.readline() == "begun\n"
        time.sleep(0.05 + 0.03 * round_number)
        os.kill(writer.pid, signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
    files = sorted(tmp_path.glob("*.eml"))
    assert files
    for path in files:
        assert path.read_bytes().endswith(b"\r\nend\r\n")
        assert message_from_bytes(path.read_bytes(), policy=policy.default)["Message-ID"]
