"""Keys of pseudonyms: one random file for each purpose and epoch, so that any of them can be destroyed by itself.

Keys that are derived from one master could be derived again as long as that lives.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from tailorbird.adapters.keys.files import load_or_create_secret
from tailorbird.stages.privacy.pseudonyms import Epoch, check_purpose, is_due, read_epoch


class EpochKeys:
    """The keys below a folder: PURPOSE/EPOCH.key."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def key(self, purpose: str, epoch: Epoch) -> bytes:
        """The key of a purpose and epoch, made on first use."""
        return load_or_create_secret(self._folder / check_purpose(purpose) / f"{epoch.label}.key")

    def living(self) -> Iterator[tuple[str, Epoch, bytes]]:
        """(purpose, epoch, key) of every key that there is."""
        for path, epoch in self._files():
            yield path.parent.name, epoch, load_or_create_secret(path)

    def destroy_due(self, now: datetime, retention_days: int) -> list[tuple[str, Epoch]]:
        """Overwrite and remove the keys whose time is over; which those were. Backups are not reached."""
        gone = []
        for path, epoch in list(self._files()):
            if is_due(epoch, now, retention_days):
                with path.open("r+b") as file:
                    file.write(b"\0" * path.stat().st_size)
                    file.flush()
                    os.fsync(file.fileno())
                path.unlink(missing_ok=True)
                gone.append((path.parent.name, epoch))
        return gone

    def _files(self) -> Iterator[tuple[Path, Epoch]]:
        for path in sorted(self._folder.glob("*/*.key")):
            epoch = read_epoch(path.stem)
            if epoch is not None:
                yield path, epoch
