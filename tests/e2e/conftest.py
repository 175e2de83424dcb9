"""What the tests of whole commands need of the machine: Chromium, and the JavaScript clients of the lock file."""

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from .chromium import Browser

NODE = Path(__file__).parent / "node"


def missing(name: str, reason: str) -> None:
    """Skip, or fail where the environment promises the thing."""
    if name in os.environ.get("TAILORBIRD_REQUIRE", "").split(","):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's executable."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        missing("browser", "Chromium is not installed")
    return str(found)


@pytest.fixture
def browser(chromium: str, tmp_path: Path) -> Iterator[Browser]:
    """The browser, running."""
    running = Browser(chromium, tmp_path / "profile")
    yield running
    running.close()


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """The JavaScript clients of the lock file, installed once outside the tree."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        missing("node", "node and npm are not installed")
    lock = (NODE / "package-lock.json").read_bytes()
    folder = Path.home() / ".cache" / "tailorbird-tests" / f"node-{hashlib.sha256(lock).hexdigest()[:16]}"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock_file:
        fcntl.flock(lock_file, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            for name in ("package.json", "package-lock.json", ".npmrc"):
                shutil.copy(NODE / name, folder / name)
            done = subprocess.run(
                [str(npm), "ci", "--ignore-scripts"],
                cwd=folder,
                capture_output=True,
                text=True,
                check=False,
                timeout=300,
            )
            if done.returncode != 0:
                missing("node", f"npm cannot install the clients: {done.stderr[-300:]}")
            (folder / "done").touch()
    return folder / "node_modules"
