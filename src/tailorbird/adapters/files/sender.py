"""A sender that writes each message to a folder as an .eml file, whole or not at all."""

import os
import re
from datetime import UTC, datetime
from pathlib import Path

from tailorbird.ports.sender import SenderError
from tailorbird.types.message import Message
from tailorbird.types.receipt import Receipt

FOLDER_SYNC_EVERY = 50

_KEY = re.compile(r"[A-Za-z0-9_-]{1,200}")


class OutboxFolderSender:
    """Writes `<idempotency_key>.eml` into a folder.

    The bytes go to a hidden file of another name, are synced, and only then renamed: at every moment a file of the
    final name is a whole message, whatever is killed. The folder's own entry is synced every FOLDER_SYNC_EVERY
    messages and at `close`, so that a kill loses nothing, and a loss of power at most the names of the last few
    files, which are then written again under the same names.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._unsynced = 0
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _clear_leftovers(folder)
            self._entry = os.open(folder, os.O_RDONLY)
        except OSError as error:
            raise SenderError(f"the outbox folder {folder} cannot be made: {error.strerror}") from error

    @property
    def repeatable(self) -> bool:
        """Yes: a file that is there already is not written again."""
        return True

    def send(self, message: Message) -> Receipt:
        """Write the message's file; where it is there already it stays as it is. SenderError: a full disk and such."""
        path = self._path(message.idempotency_key)
        if not path.exists():
            self._write(path, message.raw)
        return self._receipt(message.idempotency_key, path)

    def look_up(self, idempotency_key: str) -> Receipt | None:
        """Sent if the file is there; None if it is not, which here means that it was not sent."""
        path = self._path(idempotency_key)
        return self._receipt(idempotency_key, path) if path.exists() else None

    def sync(self) -> None:
        """Sync the folder's own entry: from now on a loss of power keeps every file that was sent. SenderError: it
        may not."""
        if self._entry >= 0:
            self._sync_folder()

    def close(self) -> None:
        """Sync the folder and let go of it. A second close does nothing."""
        if self._entry >= 0:
            self._sync_folder()
            os.close(self._entry)
            self._entry = -1

    def _path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise SenderError(f"{key[:80]!r} is no idempotency key: letters, digits, - and _ only")
        return self._folder / f"{key}.eml"

    def _write(self, path: Path, raw: bytes) -> None:
        temporary = path.with_name(f".{path.stem}.{os.getpid()}.part")
        try:
            with temporary.open("wb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            temporary.rename(path)
            self._unsynced += 1
            if self._unsynced >= FOLDER_SYNC_EVERY:
                self._sync_folder()
        except OSError as error:
            temporary.unlink(missing_ok=True)
            problem = f"the outbox folder {self._folder} cannot be written: {error.strerror}"
            mend = "free some space there, then run the same command again: nothing is written twice"
            raise SenderError(f"{problem}; {mend}") from error

    def _sync_folder(self) -> None:
        try:
            os.fsync(self._entry)
        except OSError as error:
            problem = f"the outbox folder {self._folder} cannot be synced: {error.strerror}"
            raise SenderError(f"{problem}; see to the disk, then run the same command again") from error
        self._unsynced = 0

    def _receipt(self, key: str, path: Path) -> Receipt:
        return Receipt(key, "sent", datetime.now(UTC), provider_id=path.name)


def _clear_leftovers(folder: Path) -> None:
    """Remove the unfinished files of processes that are gone; those of living ones are theirs to finish."""
    for path in folder.glob(".*.part"):
        process = path.name.split(".")[-2]
        if not (process.isdigit() and _is_alive(int(process))):
            path.unlink(missing_ok=True)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return process != os.getpid()
