"""Commands called in this process, as the console script calls them."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tailorbird.cli.app import main


@dataclass(frozen=True)
class Said:
    """What a command did: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def error(self) -> str:
        """The one error: exit code 1, one message, no traceback."""
        assert self.code == 1, (self.code, self.out, self.err)
        assert self.err.count("error: ") == 1 and "Traceback" not in self.err
        return self.err.split("error: ", 1)[1].strip()


@pytest.fixture
def tailorbird(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Said]:
    def call(*words: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["tailorbird", *map(str, words)])
        capsys.readouterr()
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        told = capsys.readouterr()
        return Said(code, told.out, told.err)

    return call


@pytest.fixture
def eml(ran_root: Path) -> Path:
    """One message of the first run."""
    return sorted((ran_root / ".tailorbird" / "outbox").glob("*.eml"))[0]
