"""Pulling a model: verified, resumable, never half a file."""

import hashlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tailorbird.adapters.models.manifest import Manifest, ModelError, UrlSource
from tailorbird.adapters.models.pull import pull_manifest

pytestmark = pytest.mark.slow

DATA = bytes(range(251)) * 300_000  # 75 MB: more than two noted steps


class Told:
    """Progress that remembers."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.done, self.stop_after = 0, stop_after
        self.said: list[str] = []

    def stage(self, name: str, total: int | None = None) -> None:
        self.done = 0

    def advance(self, done: int = 1) -> None:
        self.done += done
        if self.stop_after is not None and self.done > self.stop_after:
            raise KeyboardInterrupt

    def say(self, text: str) -> None:
        self.said.append(text)


class Files(BaseHTTPRequestHandler):
    """Serves DATA with ranges, and counts bytes."""

    sent = 0

    def do_GET(self) -> None:
        start = int((self.headers.get("Range") or "bytes=0-")[6:-1])
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(DATA) - start))
        self.end_headers()
        try:
            self.wfile.write(DATA[start:])
            type(self).sent += len(DATA) - start
        except OSError:
            pass

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/m"
    server.shutdown()
    server.server_close()


def manifest(*urls: str, sha256: str = hashlib.sha256(DATA).hexdigest(), size: int = len(DATA)) -> Manifest:
    return Manifest("m", "A model", "Apache-2.0", "m.gguf", size, sha256, tuple(UrlSource(u) for u in urls))


def test_a_model_is_described_fetched_verified_and_kept(tmp_path: Path, url: str) -> None:
    asked: list[str] = []
    told = Told()

    def agree(text: str) -> bool:
        asked.append(text)
        return True

    path = pull_manifest(manifest(url), tmp_path, told, agree)
    assert path.read_bytes() == DATA
    assert told.done == len(DATA)
    assert "Apache-2.0" in asked[0]
    assert sorted(p.name for p in (tmp_path / "models").iterdir()) == ["m.gguf", "m.gguf.lock", "m.gguf.verified"]
    assert pull_manifest(manifest(url), tmp_path, told, lambda text: False) == path


def test_a_refusal_fetches_nothing(tmp_path: Path, url: str) -> None:
    with pytest.raises(ModelError, match="not fetched"):
        pull_manifest(manifest(url), tmp_path, Told(), lambda text: False)
    assert not (tmp_path / "models").exists()


def test_bytes_with_another_hash_are_thrown_away(tmp_path: Path, url: str) -> None:
    with pytest.raises(ModelError, match="another SHA-256"):
        pull_manifest(manifest(url, sha256="0" * 64), tmp_path, Told(), lambda text: True)
    assert [p.name for p in (tmp_path / "models").iterdir()] == ["m.gguf.lock"]


@pytest.mark.parametrize("size", [len(DATA) - 1, len(DATA) + 1])
def test_a_file_of_another_size_is_refused(tmp_path: Path, url: str, size: int) -> None:
    with pytest.raises(ModelError, match=r"more bytes|ended after"):
        pull_manifest(manifest(url, size=size), tmp_path, Told(), lambda text: True)
    assert not (tmp_path / "models" / "m.gguf").exists()


def test_an_unreachable_source_leads_to_the_next(tmp_path: Path, url: str) -> None:
    told = Told()
    assert pull_manifest(manifest("http://127.0.0.1:9/m", url), tmp_path, told, lambda text: True).exists()
    assert "cannot be reached" in told.said[0]


def test_an_interrupted_pull_goes_on_where_it_stopped(tmp_path: Path, url: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        pull_manifest(manifest(url), tmp_path, Told(stop_after=70_000_000), lambda text: True)
    assert not (tmp_path / "models" / "m.gguf").exists()
    Files.sent = 0
    path = pull_manifest(manifest(url), tmp_path, Told(), lambda text: True)
    assert hashlib.sha256(path.read_bytes()).digest() == hashlib.sha256(DATA).digest()
    assert 0 < Files.sent < 20_000_000


def test_an_unreachable_first_source_does_not_cost_what_the_second_one_gave(tmp_path: Path, url: str) -> None:
    two = manifest("http://127.0.0.1:9/m", url)
    with pytest.raises(KeyboardInterrupt):
        pull_manifest(two, tmp_path, Told(stop_after=70_000_000), lambda text: True)
    Files.sent = 0
    told = Told()
    pull_manifest(two, tmp_path, told, lambda text: True)
    assert told.said == []
    assert 0 < Files.sent < 20_000_000


def test_a_file_of_the_right_size_is_hashed_before_it_is_believed(tmp_path: Path, url: str) -> None:
    target = tmp_path / "models" / "m.gguf"
    target.parent.mkdir()
    target.write_bytes(bytes(len(DATA)))
    assert pull_manifest(manifest(url), tmp_path, Told(), lambda text: True).read_bytes() == DATA
    (target.parent / "m.gguf.verified").unlink()
    assert pull_manifest(manifest(url), tmp_path, Told(), lambda text: False) == target  # whole: nobody is asked
    assert (target.parent / "m.gguf.verified").exists()


def test_each_source_has_a_part_file_of_its_own(tmp_path: Path, url: str) -> None:
    with pytest.raises(KeyboardInterrupt):
        pull_manifest(manifest(url + "?1"), tmp_path, Told(stop_after=70_000_000), lambda text: True)
    (first,) = (tmp_path / "models").glob("*.part")
    kept = first.stat().st_size
    with pytest.raises(KeyboardInterrupt):
        pull_manifest(manifest(url + "?2"), tmp_path, Told(stop_after=10_000_000), lambda text: True)
    assert first.stat().st_size == kept
    assert len(list((tmp_path / "models").glob("*.part"))) == 2


def test_a_disk_without_room_is_said_before_anything_is_fetched(
    tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from collections import namedtuple

    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda path: usage(1, 1, 1000))
    with pytest.raises(ModelError, match="make room"):
        pull_manifest(manifest(url), tmp_path, Told(), lambda text: True)
