"""What commands say on the terminal."""

import json
import sys
import time
from typing import Any

from tailorbird.types.errors import TailorbirdError


class Quiet:
    """`Progress` that says nothing: for --json and for tests."""

    def stage(self, name: str, total: int | None = None) -> None:
        """Say nothing."""

    def advance(self, done: int = 1) -> None:
        """Say nothing."""

    def say(self, text: str) -> None:
        """Say nothing."""


class Terminal:
    """`Progress` on standard error: one live line per stage with counts and time left; plain lines where no
    terminal listens."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._name, self._total, self._done, self._began, self._shown = "", 0, 0, 0.0, 0.0

    def stage(self, name: str, total: int | None = None) -> None:
        """A stage begins."""
        self._clear()
        self._name, self._total, self._done, self._began = name, total or 0, 0, time.monotonic()
        self._draw(force=True)

    def advance(self, done: int = 1) -> None:
        """`done` more units are finished."""
        self._done += done
        self._draw(force=self._done == self._total)

    def say(self, text: str) -> None:
        """One line that stays."""
        self._clear()
        print(text, file=sys.stderr, flush=True)

    def _draw(self, force: bool = False) -> None:
        now = time.monotonic()
        if not self._live or (not force and now - self._shown < 0.1):
            return
        self._shown = now
        line = f"  {self._name}"
        if self._total:
            share = min(self._done / self._total, 1.0)
            bar = "█" * round(share * 24)
            left = (now - self._began) * (1 - share) / share if share > 0 else 0.0
            line += f" {bar:░<24} {amount(self._done)}/{amount(self._total)}"
            line += f", {left:.0f} s left" if 0 < share < 1 else ""
        sys.stderr.write(f"\r\x1b[K{line}")
        sys.stderr.flush()

    def _clear(self) -> None:
        if self._live and self._name:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def amount(number: int) -> str:
    """A count to read: 1,204; bytes of a download as MB."""
    return f"{number / 1_000_000:,.0f} MB" if number >= 20_000_000 else f"{number:,}"


def printable(text: str, chars_max: int = 0) -> str:
    """Text from outside on one line, without a character that a terminal would act on; shortened to `chars_max`."""
    shown = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text[: chars_max or None])
    return shown if not chars_max or len(text) <= chars_max else shown + f"… ({len(text):,} characters)"


def progress_for(as_json: bool) -> Quiet | Terminal:
    """The progress of a command: none where the output is JSON."""
    return Quiet() if as_json else Terminal()


def print_json(content: Any) -> None:
    """The command's answer as one JSON object on standard output."""
    print(json.dumps(content, indent=2, ensure_ascii=False, default=str))


def confirm_download(yes: bool) -> "Confirm":
    """A function that asks whether to download; with `yes` it only says what is downloaded."""
    return Confirm(yes)


class Confirm:
    """Asks on the terminal; without one it refuses, and says which option agrees beforehand."""

    def __init__(self, yes: bool) -> None:
        self._yes = yes

    def __call__(self, description: str) -> bool:
        print(description, file=sys.stderr, flush=True)
        if self._yes:
            return True
        if not sys.stdin.isatty():
            raise TailorbirdError(
                "the model must be downloaded first: run 'tailorbird models pull --yes', or add --yes; "
                "run and demo do without one by --no-model"
            )
        return input("Download it? [y/N] ").strip().lower() in ("y", "yes", "j", "ja")
